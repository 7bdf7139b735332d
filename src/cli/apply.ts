import type { ApplyOutcome } from '../app/apply-cluster.ts';
import type { Consent, Consents } from '../app/preflight.ts';
import type { EventFields } from '../contract/event.ts';
import type { ReportJson } from '../contract/report.ts';
import { AppError } from '../errors/app-error.ts';
import { exitCodes } from '../errors/codes.ts';
import { renderClosing, renderSummary } from '../render/closing.ts';
import { renderReport } from '../render/findings.ts';
import { showProgress } from '../render/progress.ts';
import type { CommonFlags, FileFlag } from './flags.ts';
import type { CliContext, Interruption } from './context.ts';
import { exitWith } from './context.ts';
import type { Planned } from './with-plan.ts';
import { answer, say } from './terminal.ts';
import { withFleet } from './with-fleet.ts';
import { sayRefused, withPlan } from './with-plan.ts';

export interface ApplyFlags extends CommonFlags, FileFlag {
  readonly yes?: boolean;
  readonly check?: boolean;
  readonly allow?: readonly Consent[];
}

/** `apply`. */
export async function apply(this: CliContext, flags: ApplyFlags): Promise<void> {
  if (flags.check === true) return check(this, flags);
  const { file, yes } = flags;
  const startedMs = Date.now();
  await withPlan(this, { file, collect: true, consents: consentsOf(this, flags) }, async (plan) => {
    const { json, refused } = plan.planned;
    const { format, stdout, paint } = this.terminal;
    if (format === 'text') stdout.write(renderSummary(json, paint));
    sayRefused(this.terminal, refused);
    if (json.steps.length > 0 && yes !== true && !(await isAgreed(this))) {
      stdout.write('nothing was changed\n');
      return exitWith(this, exitCodes.interrupted);
    }
    const outcome = await carryOut(this, plan);
    if (format === 'text') stdout.write(renderClosing({ ...outcome, file, elapsedMs: Date.now() - startedMs }, paint));
    exitWith(this, outcome.exitCode);
  });
}

/** Preflight alone. */
async function check(context: CliContext, { file, allow = [] }: ApplyFlags): Promise<void> {
  const { terminal, interruption, verbs } = context;
  await withFleet(context, file, async ({ loaded, fleet }) => {
    const { checkCluster } = await verbs.check();
    const onProgress = (line: string): void => say(terminal, line);
    const { report, exitCode, next } = await checkCluster(loaded, { fleet, signal: interruption.signal, onProgress, consents: { allowed: allow } });
    answer(terminal, report, renderReport);
    if (next !== undefined) say(terminal, `next: ${next}`);
    exitWith(context, exitCode);
  });
}

/** A warning is consented to by name, or by a person who has seen it: never by --yes. */
function consentsOf({ terminal, ask }: CliContext, { allow = [], yes }: ApplyFlags): Consents {
  if (!terminal.canAsk || terminal.format === 'json' || yes === true) return { allowed: allow };
  const askPerson = async (report: ReportJson): Promise<boolean> => {
    terminal.stdout.write(renderReport(report, terminal.paint));
    return ask('Go on with these warnings?');
  };
  return { allowed: allow, ask: askPerson };
}

async function isAgreed({ terminal, ask }: CliContext): Promise<boolean> {
  if (terminal.canAsk && terminal.format === 'text') return ask('Carry this out?');
  throw new AppError('usage', 'apply asks before it changes machines, and nobody can answer here', { hint: 'look at kubewright plan, then run apply with --yes' });
}

async function carryOut(context: CliContext, { planned, fleet }: Planned): Promise<ApplyOutcome> {
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
  const stopTelling = tellOfStops(interruption, tell, running);
  try {
    return await applyCluster(planned, { fleet, signal: interruption.signal, hardSignal: interruption.hardSignal, emit, onWarning: tell });
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
function tellOfStops({ signal, hardSignal }: Interruption, tell: (line: string) => void, running: ReadonlyMap<string, string>): () => void {
  const first = (): void => {
    if (hardSignal.aborted) return;
    tell(running.size === 0 ? 'stopping: nothing runs' : `stopping: nothing new starts; waiting for ${[...running.values()].join(', ')}. Ctrl-C again leaves that to the machines`);
  };
  const second = (): void => tell('left: what runs ends on its machine; the next kubewright apply collects it and goes on');
  signal.addEventListener('abort', first);
  hardSignal.addEventListener('abort', second);
  return () => {
    signal.removeEventListener('abort', first);
    hardSignal.removeEventListener('abort', second);
  };
}
