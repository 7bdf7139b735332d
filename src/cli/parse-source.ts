import type { SourceWish } from '../app/artifact-source.ts';
import { AppError } from '../errors/app-error.ts';

const BUNDLE = 'bundle:';

/** Reads `go`, `upstream` or `bundle:DIR`. Throws `usage`. */
export function parseSource(input: string): SourceWish {
  if (input === 'go' || input === 'upstream') return { source: input };
  const directory = input.startsWith(BUNDLE) ? input.slice(BUNDLE.length) : '';
  if (directory !== '') return { source: 'bundle', directory };
  throw new AppError('usage', 'it is not go, upstream or bundle:DIR');
}

/** The command line's form of what `parseSource` read. */
export function sourceWords(wish: SourceWish): string {
  return wish.source === 'bundle' ? `${BUNDLE}${wish.directory}` : wish.source;
}
