import type { LockFact } from '../host-facts.ts';

/** A lock file as the host adapter writes it. `until`: seconds of the host's clock, 0 when given back. */
interface LockFile {
  readonly token: number;
  readonly runId: string;
  readonly until: number;
  readonly holder: { readonly owner: string; readonly since: string; readonly expires: string };
}

/** The lock file and, on the next line, the host's clock; undefined where there is none, or none that the host itself would heed. */
export function parseLock(text: string): LockFact | undefined {
  if (text === '') return undefined;
  const [line = '', clock = ''] = text.split('\n');
  try {
    const { token, runId, until, holder } = JSON.parse(line) as LockFile;
    const { owner, since, expires } = holder;
    return { token, runId, owner, since, expires, isHeld: until > Number(clock) };
  } catch {
    // The host's lock program passes over such a file, and writes a new one.
    return undefined;
  }
}
