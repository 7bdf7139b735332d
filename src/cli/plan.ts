import { exitCodes } from '../errors/codes.ts';
import { renderPlan } from '../render/plan.ts';
import type { CliContext } from './context.ts';
import { exitWith } from './context.ts';
import type { CommonFlags, FileFlag, SourceFlag } from './flags.ts';
import { ownValuesOf, sayRefused, withPlan } from './with-plan.ts';
import type { SudoFlags } from './sudo-flags.ts';
import { answer } from './terminal.ts';

export interface PlanFlags extends CommonFlags, FileFlag, SourceFlag, SudoFlags {
  readonly exitCode?: boolean;
}

/** `plan`. */
export async function plan(this: CliContext, { file, source, exitCode, ...sudo }: PlanFlags): Promise<void> {
  await withPlan(this, { file, source, sudo, collect: false }, async ({ planned }) => {
    const { json, refused, loaded } = planned;
    answer(this.terminal, json, (value, paint) => renderPlan(value, { paint, ownValues: ownValuesOf(loaded), isPartial: refused.length > 0 }));
    sayRefused(this.terminal, refused);
    if (refused.length > 0) exitWith(this, exitCodes.unreachable);
    else if (exitCode === true && json.steps.length > 0) exitWith(this, exitCodes.findings);
  });
}
