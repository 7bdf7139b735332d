import type { PlannedReset } from '../app/plan-reset.ts';
import type { Consent } from '../app/preflight.ts';
import { AppError } from '../errors/app-error.ts';
import { exitCodes } from '../errors/codes.ts';
import { renderClosing } from '../render/closing.ts';
import { renderPlan } from '../render/plan.ts';
import { quote } from '../shell/quote.ts';
import { carryOut, isAgreed, isTakeOverAgreed, leaveAll } from './carry-out.ts';
import type { CliContext } from './context.ts';
import { exitWith } from './context.ts';
import type { CommonFlags, FileFlag, TakeOverFlag } from './flags.ts';
import { consentWords } from './parse-consent.ts';
import type { SudoFlags } from './sudo-flags.ts';
import { sudoWords } from './sudo-flags.ts';
import { answer, say } from './terminal.ts';
import { withFleet } from './with-fleet.ts';
import { ownValuesOf, sayRefused } from './with-plan.ts';

export interface ResetFlags extends CommonFlags, FileFlag, SudoFlags, TakeOverFlag {
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly allow?: readonly Consent[];
}

const GOAL = 'no machine holds anything of the cluster';

/** `reset`. */
export async function reset(this: CliContext, flags: ResetFlags): Promise<void> {
  const startedMs = Date.now();
  const { allow = [], dryRun, yes, file, takeOver } = flags;
  const { terminal, interruption, verbs } = this;
  if (!(await isTakeOverAgreed(this, { ...flags, onlyLooks: dryRun === true ? '--dry-run' : undefined }))) return leaveAll(this);
  await withFleet(this, { file, sudo: flags, onlyLooks: false }, async ({ loaded, fleet }) => {
    const cluster = loaded.cluster.wide.name;
    const again = `kubewright reset${file === undefined ? '' : ` -f ${quote(file)}`}${sudoWords(flags)}${consentWords(allow)}`;
    const isNamed = allow.some(({ code, node }) => code === 'reset' && node === cluster);
    if (yes === true && dryRun !== true && !isNamed) throw notNamed(cluster, again);
    const { planClusterReset } = await verbs.reset();
    const onProgress = (line: string): void => say(terminal, line);
    const planned = await planClusterReset(loaded, { fleet, signal: interruption.signal, onProgress, collect: dryRun !== true, takeOver, allowed: allow });
    const inWords = (): string => renderPlan(planned.json, { paint: terminal.paint, nothing: GOAL, ownValues: ownValuesOf(loaded) });
    if (dryRun === true) {
      answer(terminal, planned.json, inWords);
      sayRefused(terminal, planned.refused);
      if (planned.json.steps.length > 0) say(terminal, `to carry this out: ${again} --yes --allow reset=${cluster}`);
      return exitWith(this, planned.refused.length > 0 ? exitCodes.unreachable : exitCodes.ok);
    }
    if (terminal.format === 'text' && planned.json.steps.length > 0) terminal.stdout.write(inWords());
    sayRefused(terminal, planned.refused);
    const question = { command: 'reset', hint: `look at ${again} --dry-run, then run it with --yes --allow reset=${cluster}` };
    if (planned.json.steps.length > 0 && yes !== true && !(await isAgreed(this, question))) return leaveAll(this);
    const outcome = await carryOut(this, { planned, fleet, command: 'reset', again });
    if (terminal.format === 'text')
      terminal.stdout.write(renderClosing({ ...outcome, again, goal: GOAL, next: staysLines(planned), elapsedMs: Date.now() - startedMs }, terminal.paint));
    exitWith(this, outcome.exitCode);
  });
}

/** What cannot be undone is consented to by its name, never by --yes alone. */
function notNamed(cluster: string, again: string): AppError {
  return new AppError('usage', `--yes does not consent to the end of cluster ${cluster}`, { hint: `name it: ${again} --yes --allow reset=${cluster}` });
}

/** Equal machines once. */
function staysLines({ stays }: PlannedReset): readonly string[] {
  const nodes = new Map<string, string[]>();
  for (const [node, words] of Object.entries(stays)) nodes.set(words.join('\n'), [...(nodes.get(words.join('\n')) ?? []), node]);
  return [...nodes].flatMap(([words, names]) => [`stays on ${names.join(', ')}:`, ...words.split('\n').map((line) => `  ${line}`)]);
}
