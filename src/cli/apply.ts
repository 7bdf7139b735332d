import type { Consent, Consents } from '../app/preflight.ts';
import type { PlannedCluster } from '../app/plan-cluster.ts';
import type { ReportJson } from '../contract/report.ts';
import type { Closing } from '../render/closing.ts';
import { renderClosing, renderSummary } from '../render/closing.ts';
import { renderReport } from '../render/findings.ts';
import { quote } from '../shell/quote.ts';
import { systemWords } from '../util/system-words.ts';
import { carryOut, isAgreed, isTakeOverAgreed, leaveAll } from './carry-out.ts';
import type { CommonFlags, FileFlag, SourceFlag, TakeOverFlag } from './flags.ts';
import type { CliContext } from './context.ts';
import { exitWith } from './context.ts';
import { consentWords } from './parse-consent.ts';
import { sourceWords } from './parse-source.ts';
import type { SudoFlags } from './sudo-flags.ts';
import { sudoWords } from './sudo-flags.ts';
import { answer, say } from './terminal.ts';
import { withFleet } from './with-fleet.ts';
import { sayRefused, withPlan } from './with-plan.ts';

export interface ApplyFlags extends CommonFlags, FileFlag, SourceFlag, SudoFlags, TakeOverFlag {
  readonly yes?: boolean;
  readonly check?: boolean;
  readonly allow?: readonly Consent[];
}

/** `apply`. */
export async function apply(this: CliContext, flags: ApplyFlags): Promise<void> {
  if (!(await isTakeOverAgreed(this, { ...flags, onlyLooks: flags.check === true ? '--check' : undefined }))) return leaveAll(this);
  if (flags.check === true) return check(this, flags);
  const { file, source, yes, takeOver } = flags;
  const startedMs = Date.now();
  await withPlan(this, { file, source, sudo: flags, collect: true, consents: consentsOf(this, flags), takeOver }, async ({ planned, fleet }) => {
    const { json, refused, newLock } = planned;
    const { format, stdout, paint } = this.terminal;
    if (format === 'text') stdout.write(renderSummary(json, paint));
    sayRefused(this.terminal, refused);
    if (json.steps.length > 0 && yes !== true && !(await isAgreed(this, QUESTION))) return leaveAll(this);
    if (newLock !== undefined) await keepNewLock(this, newLock);
    const outcome = await carryOut(this, { planned, fleet, command: 'apply', again: wordsOf(flags).again });
    if (format === 'text') stdout.write(renderClosing({ ...outcome, ...wordsOf(flags), elapsedMs: Date.now() - startedMs }, paint));
    exitWith(this, outcome.exitCode);
  });
}

const QUESTION = { command: 'apply', hint: 'look at kubewright plan, then run apply with --yes' };

/** A folder that takes no file keeps no cluster from being deployed. */
async function keepNewLock({ terminal, verbs }: CliContext, { path, lock }: NonNullable<PlannedCluster['newLock']>): Promise<void> {
  const { writeLock } = await verbs.lock();
  try {
    await writeLock(path, lock);
    say(terminal, `${path} is written: later runs use the same bytes, or say what differs; keep it beside the cluster file`);
  } catch (cause) {
    if (!(cause instanceof Error && 'syscall' in cause)) throw cause;
    say(terminal, `${path} could not be written, so later runs may use other bytes: ${systemWords(cause)}`);
  }
}

/** Preflight alone. */
async function check(context: CliContext, { file, source, allow = [], ...sudo }: ApplyFlags): Promise<void> {
  const { terminal, interruption, verbs } = context;
  await withFleet(context, { file, sudo, onlyLooks: true, judgesFile: true, secrets: true }, async ({ loaded, fleet }) => {
    const { checkCluster } = await verbs.check();
    const onProgress = (line: string): void => say(terminal, line);
    const { report, exitCode, next } = await checkCluster(loaded, { fleet, signal: interruption.signal, onProgress, consents: { allowed: allow }, source });
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

function wordsOf({ file, source, allow = [], ...sudo }: ApplyFlags): Pick<Closing, 'again' | 'goal' | 'next'> {
  const option = `${file === undefined ? '' : ` -f ${quote(file)}`}${sudoWords(sudo)}`;
  return {
    again: `kubewright apply${option}${source === undefined ? '' : ` --source ${quote(sourceWords(source))}`}${consentWords(allow)}`,
    goal: 'all is as the cluster file says',
    next: ['next:', `  kubewright verify${option}`, `  kubewright kubeconfig${option} --out kubeconfig`, '  kubectl --kubeconfig kubeconfig get nodes'],
  };
}
