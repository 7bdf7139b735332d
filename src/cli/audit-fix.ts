import type { OpenAudit } from '../app/audit/open-audit.ts';
import type { PlannedRepair } from '../app/audit/repair-cluster.ts';
import type { ReportJson, Severity } from '../contract/report.ts';
import { AppError } from '../errors/app-error.ts';
import { exitCodes } from '../errors/codes.ts';
import { renderByHand } from '../render/by-hand.ts';
import { renderClosing } from '../render/closing.ts';
import { renderReport } from '../render/findings.ts';
import { renderPlan } from '../render/plan.ts';
import { carryOut, isAgreed, isTakeOverAgreed, leaveAll } from './carry-out.ts';
import type { CliContext } from './context.ts';
import { exitWith } from './context.ts';
import { exitCodeOfFindings } from './exit-code.ts';
import { answer, say } from './terminal.ts';
import { sayRefused } from './with-plan.ts';

export interface FixFlags {
  readonly failOn: Severity;
  readonly only?: readonly string[];
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly takeOver?: string;
}

const GOAL = 'no finding that can be mended without a person is left';

/** `audit --fix`: what was found, the plan that mends it, the question, the run, and what an audit finds after it. `again` is the command that goes on where it ends. */
export async function auditFix(context: CliContext, { reach }: OpenAudit, { again, ...flags }: FixFlags & { readonly again: string }): Promise<void> {
  const startedMs = Date.now();
  const { terminal, interruption, verbs } = context;
  const { planClusterRepair, auditCluster, ruleCodes } = await verbs.audit();
  const only = flags.only ?? [];
  const question = { command: 'audit --fix', hint: `look at ${again} --dry-run, then run it with --yes` };
  const strange = only.find((code) => !ruleCodes().includes(code));
  if (strange !== undefined) throw new AppError('usage', `no rule of the audit has the code ${JSON.stringify(strange)}`, { hint: 'take one of these', details: [...ruleCodes()] });
  if (!(await isTakeOverAgreed(context, { ...flags, onlyLooks: flags.dryRun === true ? '--dry-run' : undefined }))) return leaveAll(context);
  const request = { reach, signal: interruption.signal, onProgress: (line: string): void => say(terminal, line) };
  const planned = await planClusterRepair({ ...request, only, collect: flags.dryRun !== true, takeOver: flags.takeOver });
  if (terminal.format === 'json') for (const { code, steps } of planned.byHand) say(terminal, `by hand: ${code}: ${steps.join('; ')}`);
  if (flags.dryRun === true) return showOnly(context, planned);
  if (terminal.format === 'text') terminal.stdout.write(inWords(context, planned));
  sayRefused(terminal, planned.refused);
  if (planned.json.steps.length > 0 && flags.yes !== true && !(await isAgreed(context, question))) return leaveAll(context);
  const outcome = await carryOut(context, { planned, fleet: planned.fleet, command: 'audit --fix', again });
  if (terminal.format === 'text') terminal.stdout.write(renderClosing({ ...outcome, again, goal: GOAL, next: [], elapsedMs: Date.now() - startedMs }, terminal.paint));
  if (outcome.exitCode !== exitCodes.ok) return exitWith(context, outcome.exitCode);
  const left = await auditCluster({ ...request, only });
  tellLeft(context, left);
  exitWith(context, exitCodeOfFindings(left, flags.failOn));
}

/** The plan alone, as `plan` gives it. */
function showOnly(context: CliContext, planned: PlannedRepair): void {
  const { terminal } = context;
  answer(terminal, planned.json, () => inWords(context, planned));
  sayRefused(terminal, planned.refused);
  if (planned.refused.length > 0) exitWith(context, exitCodes.unreachable);
}

function inWords({ terminal: { paint } }: CliContext, { report, byHand, json, ownValues }: PlannedRepair): string {
  const plan = renderPlan(json, { paint, nothing: GOAL, ownValues });
  return [renderReport(report, paint), renderByHand(byHand, paint), plan].filter((block) => block !== '').join('\n');
}

/** In JSON the last line, after the events of the run. */
function tellLeft({ terminal }: CliContext, report: ReportJson): void {
  terminal.stdout.write(terminal.format === 'json' ? `${JSON.stringify(report)}\n` : `\nafter it:\n\n${renderReport(report, terminal.paint)}`);
}
