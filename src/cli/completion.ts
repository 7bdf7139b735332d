import { completionScripts } from './completion-scripts.ts';
import type { Shell } from './completion-scripts.ts';
import type { CliContext } from './context.ts';

/** `completion`. */
export function completion(this: CliContext, _flags: object, shell: Shell): void {
  this.terminal.stdout.write(completionScripts[shell]);
}
