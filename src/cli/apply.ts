import { exitCodes } from '../errors/codes.ts';
import type { Closing } from '../render/closing.ts';
import { renderClosing, renderSummary } from '../render/closing.ts';
import { carryOut, isAgreed } from './carry-out.ts';
import type { CommonFlags, FileFlag } from './flags.ts';
import type { CliContext } from './context.ts';
import { exitWith } from './context.ts';
import { sayRefused, withPlan } from './with-plan.ts';

export interface ApplyFlags extends CommonFlags, FileFlag {
  readonly yes?: boolean;
}

/** `apply`. */
export async function apply(this: CliContext, { file, yes }: ApplyFlags): Promise<void> {
  const startedMs = Date.now();
  await withPlan(this, { file, collect: true }, async ({ planned, fleet }) => {
    const { json, refused } = planned;
    const { format, stdout, paint } = this.terminal;
    if (format === 'text') stdout.write(renderSummary(json, paint));
    sayRefused(this.terminal, refused);
    if (json.steps.length > 0 && yes !== true && !(await isAgreed(this, QUESTION))) {
      stdout.write('nothing was changed\n');
      return exitWith(this, exitCodes.interrupted);
    }
    const outcome = await carryOut(this, { planned, fleet, again: 'kubewright apply' });
    if (format === 'text') stdout.write(renderClosing({ ...outcome, ...wordsOf(file), elapsedMs: Date.now() - startedMs }, paint));
    exitWith(this, outcome.exitCode);
  });
}

const QUESTION = { command: 'apply', hint: 'look at kubewright plan, then run apply with --yes' };

function wordsOf(file: string | undefined): Pick<Closing, 'again' | 'goal' | 'next'> {
  const option = file === undefined ? '' : ` -f ${file}`;
  return {
    again: `kubewright apply${option}`,
    goal: 'all is as the cluster file says',
    next: ['next:', `  kubewright verify${option}`, `  kubewright kubeconfig${option} --out kubeconfig`, '  kubectl --kubeconfig kubeconfig get nodes'],
  };
}
