import type { CommandContext, StricliProcess } from '@stricli/core';
import type { Terminal } from './terminal.ts';
import type { Verbs } from './verbs.ts';

/** How a person or a supervisor stops the command. */
export interface Interruption {
  /** First request: start nothing new, finish what runs. */
  readonly signal: AbortSignal;
  /** Second request: leave what runs. */
  readonly hardSignal: AbortSignal;
  /** Of a command that was stopped: which signal asked for it. Undefined when none did. */
  readonly exitCode: () => number | undefined;
}

/** Everything that a command works with: it reaches for nothing else of the process. */
export interface CliContext extends CommandContext {
  readonly process: StricliProcess;
  readonly terminal: Terminal;
  readonly interruption: Interruption;
  readonly verbs: Verbs;
  /** Asks a yes-or-no question on the terminal; false when the person walks away from it. */
  readonly ask: (question: string) => Promise<boolean>;
  /** Asks on the terminal for what is not shown while it is typed; undefined when the person walks away from it. */
  readonly askSecret: (question: string) => Promise<string | undefined>;
  /** A variable of the environment, taken out of it: no program that is started later has it. */
  readonly takeVariable: (name: string) => string | undefined;
}

/** Ends the command with this exit code, unless something fails before its end. */
export function exitWith(context: CliContext, exitCode: number): void {
  context.process.exitCode = exitCode;
}
