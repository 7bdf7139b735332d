import type { Locked } from '../app/lock-artifacts.ts';
import { count } from '../util/count.ts';
import type { CliContext } from './context.ts';
import type { CommonFlags, FileFlag, SourceFlag } from './flags.ts';
import { answer, say } from './terminal.ts';

export interface LockFlags extends CommonFlags, FileFlag, SourceFlag {
  readonly update?: boolean;
}

/** `artifacts lock`. */
export async function lock(this: CliContext, { file, source, update = false }: LockFlags): Promise<void> {
  const { lockArtifacts } = await this.verbs.lock();
  const onProgress = (line: string): void => say(this.terminal, line);
  const locked = await lockArtifacts({ file, source, isUpdate: update }, { signal: this.interruption.signal, onProgress });
  answer(this.terminal, locked.lock, () => renderLocked(locked));
}

function renderLocked({ path, lock: { artifacts, source }, differences }: Locked): string {
  return [...differences.map((line) => `changed: ${line}`), `${path}: ${count(artifacts.length, 'artifact')} of source ${source}`, ''].join('\n');
}
