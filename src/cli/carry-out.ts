import type { ApplyOutcome } from '../app/apply-cluster.ts';
import type { Fleet } from '../app/observe-fleet.ts';
import type { RunnablePlan } from '../app/runnable-plan.ts';
import type { EventFields } from '../contract/event.ts';
import { AppError } from '../errors/app-error.ts';
import { exitCodes } from '../errors/codes.ts';
import { showProgress } from '../render/progress.ts';
import type { CliContext, Interruption } from './context.ts';
import { exitWith } from './context.ts';
import type { TakeOverFlag } from './flags.ts';
import { say } from './terminal.ts';

/** Asks a person whether a plan is to be carried out. Throws `usage` where nobody can answer; `hint` says how to go on then. */
export async function isAgreed({ terminal, ask }: CliContext, { command, hint }: { readonly command: string; readonly hint: string }): Promise<boolean> {
  if (terminal.canAsk && terminal.format === 'text') return ask('Carry this out?');
  throw new AppError('usage', `${command} asks before it changes machines, and nobody can answer here`, { hint });
}

/** Says that nothing was done, and ends so. */
export function leaveAll(context: CliContext): void {
  context.terminal.stdout.write('nothing was changed\n');
  exitWith(context, exitCodes.interrupted);
}

/** What `--take-over` is given with. */
interface TakeOverWish extends TakeOverFlag {
  readonly yes?: boolean;
  /** The flag by which the command changes nothing, where it was given. */
  readonly onlyLooks?: string | undefined;
}

/** Whether a run that may live is to be ended, which is done at once: a person is asked, unless `--yes` says it. Throws `usage` where nobody can answer, or nothing is to be changed. */
export async function isTakeOverAgreed({ terminal, ask }: CliContext, { takeOver, yes, onlyLooks }: TakeOverWish): Promise<boolean> {
  if (takeOver === undefined) return true;
  if (onlyLooks !== undefined) throw new AppError('usage', `--take-over ends another run, and with ${onlyLooks} nothing is changed`, { hint: 'leave one of the two out' });
  if (yes === true) return true;
  if (terminal.canAsk && terminal.format === 'text') return ask(`End run ${takeOver} now, whatever becomes of this one?`);
  throw new AppError('usage', '--take-over ends another run at once, and nobody can answer here', { hint: 'give --yes too' });
}

/** A plan, the machines that it is for, and the command that goes on where it ends. */
export interface ToCarryOut {
  readonly planned: RunnablePlan;
  readonly fleet: Fleet;
  readonly again: string;
  /** The command without its flags. */
  readonly command: string;
}

/** Carries a plan out and shows how it goes on. */
export async function carryOut(context: CliContext, { planned, fleet, again, command }: ToCarryOut): Promise<ApplyOutcome> {
  const { terminal, verbs, interruption } = context;
  const { applyCluster } = await verbs.apply();
  const progress = showProgress({ stream: terminal.stdout, format: terminal.format, env: terminal.env });
  const running = new Map<string, string>();
  const emit = (event: EventFields): void => {
    note(running, event);
    // The end of a run without a step is said in other words.
    if (terminal.format === 'json' || planned.json.steps.length > 0) progress.accept(event);
  };
  const tell = (line: string): void => (terminal.format === 'json' ? say(terminal, line) : progress.say(line));
  const stopTelling = tellOfStops(interruption, { tell, running, again });
  try {
    return await applyCluster(planned, { fleet, command, signal: interruption.signal, hardSignal: interruption.hardSignal, emit, onWarning: tell });
  } finally {
    stopTelling();
    progress.end();
  }
}

/** Keeps what runs now, by step: what a stop waits for. */
function note(running: Map<string, string>, event: EventFields): void {
  if (event.type === 'step.started') running.set(event.step, `${event.node ?? ''} ${event.title}`.trim());
  if (event.type === 'step.finished' || event.type === 'step.failed') running.delete(event.step);
}

/** Says what each request to stop leads to. */
function tellOfStops(
  { signal, hardSignal }: Interruption,
  { tell, running, again }: { readonly tell: (line: string) => void; readonly running: ReadonlyMap<string, string>; readonly again: string },
): () => void {
  const first = (): void => {
    if (hardSignal.aborted) return;
    tell(running.size === 0 ? 'stopping: nothing runs' : `stopping: nothing new starts; waiting for ${[...running.values()].join(', ')}. Ctrl-C again leaves that to the machines`);
  };
  const second = (): void => tell(`left: what runs ends on its machine; the next ${again} collects it and goes on`);
  signal.addEventListener('abort', first);
  hardSignal.addEventListener('abort', second);
  return () => {
    signal.removeEventListener('abort', first);
    hardSignal.removeEventListener('abort', second);
  };
}
