import type { ApplicationText, StricliProcess } from '@stricli/core';
import { run, text_en } from '@stricli/core';
import type { AppError } from '../errors/app-error.ts';
import { exitCodes } from '../errors/codes.ts';
import { buildCli } from './application.ts';
import { completionLines } from './complete.ts';
import { COMPLETE } from './completion-scripts.ts';
import type { CliContext, Interruption } from './context.ts';
import { combined, toAppError } from './failure.ts';
import type { Streams, Terminal } from './terminal.ts';
import { terminalOf, withSpacedOutput } from './terminal.ts';
import { unknownCommand, usageError } from './usage-error.ts';
import type { Verbs } from './verbs.ts';

/** What the composition root, or a test, gives. */
export interface CliSurroundings {
  readonly streams: Streams;
  readonly interruption: Interruption;
  readonly verbs: Verbs;
  readonly ask: CliContext['ask'];
  readonly askSecret: CliContext['askSecret'];
  readonly takeVariable: CliContext['takeVariable'];
  readonly version: string;
}

const NAME = 'kubewright';

/** Runs one command line; gives the exit code (design, section 13). Never throws. */
export async function runCli(given: readonly string[], { streams, interruption, verbs, ask, askSecret, takeVariable, version }: CliSurroundings): Promise<number> {
  const argv = withSpacedOutput(given[0] === 'help' ? [...given.slice(1), '--help'] : given);
  const terminal = terminalOf(argv, streams);
  const failures: AppError[] = [];
  let command: readonly string[] = [NAME];
  const process = processFor(terminal);
  const text = collectInto(failures, interruption.signal, (input) => [command, argv.slice(0, input === undefined ? 0 : argv.indexOf(input))].flat().join(' '));
  const forCommand = ({ prefix }: { readonly prefix: readonly string[] }): CliContext => {
    command = prefix;
    return { process, terminal, interruption, verbs, ask, askSecret, takeVariable };
  };
  const application = buildCli({ name: NAME, version, text });
  if (argv[0] === COMPLETE) {
    for (const line of await completionLines(application, argv.slice(1), { process, forCommand })) terminal.stdout.write(`${line}\n`);
    return exitCodes.ok;
  }
  await run(application, argv, { process, forCommand });
  const [first, ...others] = failures;
  if (first === undefined) return endedAs(Number(process.exitCode), interruption);
  const failure = combined([first, ...others]);
  // Loaded only for this: it brings the schemas, which cost more than all the rest of the start.
  const { writeFailure } = await import('./write-failure.ts');
  writeFailure(failure, terminal);
  return endedAs(failure.exitCode, interruption);
}

/** stricli's own errors are collected, so all that it writes itself is help. */
function processFor({ stdout, env, paint }: Terminal): StricliProcess {
  const hasColor = paint.bold('x') !== 'x';
  return { env, stdout: { write: (text) => void stdout.write(text), getColorDepth: () => (hasColor ? 4 : 1) }, stderr: { write: () => undefined } };
}

/** Texts that keep every error as a value: it is shown, in words or as JSON, when the command has ended. */
function collectInto(failures: AppError[], signal: AbortSignal, commandOf: (input?: string) => string): ApplicationText {
  const keep = (error: AppError): string => {
    failures.push(error);
    return error.message;
  };
  const keepAny = (error: unknown): string => keep(toAppError(error, signal));
  return {
    ...text_en,
    briefs: {
      ...text_en.briefs,
      help: 'print this help',
      helpAll: 'print help with all hidden flags',
      version: 'print the version',
      argumentEscapeSequence: 'what follows is no flag',
    },
    noCommandRegisteredForInput: ({ input, corrections }) => keep(unknownCommand(input, corrections, commandOf(input))),
    exceptionWhileParsingArguments: (error) => keep(usageError(error, commandOf())),
    exceptionWhileLoadingCommandContext: keepAny,
    exceptionWhileLoadingCommandFunction: keepAny,
    exceptionWhileRunningCommand: keepAny,
    commandErrorResult: keepAny,
    exceptionWhileRunningIntegrationFlag: ({ exception }) => keepAny(exception),
    exceptionWhileRunningIntegrationHook: ({ exception }) => keepAny(exception),
  };
}

/** What was interrupted says which signal it was. */
function endedAs(exitCode: number, { exitCode: ofSignal }: Interruption): number {
  return exitCode === exitCodes.interrupted ? (ofSignal() ?? exitCode) : exitCode;
}
