import { fileKey } from '../../facts/keys.ts';
import { command } from '../../shell/quote.ts';
import type { Kind } from '../kind.ts';
import { withFile } from '../predict.ts';

/** No file at this path. */
export interface AbsentAction {
  readonly kind: 'absent';
  readonly path: string;
  /** Why it must not be there. */
  readonly because: string;
  /** It holds a secret: no copy of it is kept. */
  readonly secret: boolean;
}

export const absent: Kind<AbsentAction> = {
  words: ({ path, because }) => `remove ${path}: ${because}`,
  details: ({ path }) => ({ command: command('rm', '-f', path) }),
  probes: ({ path }) => [{ probe: 'file', path, text: false }],
  progress: ({ path }, reading) => {
    const fact = reading.read(fileKey(path));
    if (fact.state !== 'known') return 'unknown';
    return fact.value.type === 'absent' ? 'done' : 'absent';
  },
  script: ({ path, secret }) => ({ shell: `${command('kw_ledger', path, secret ? 'secret' : 'removed')}\n${command('rm', '-f', '--', path)}`, inputs: [] }),
  predict: ({ path }, view) => withFile(view, path, { type: 'absent' }),
};
