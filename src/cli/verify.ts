import type { ReportJson, Severity } from '../contract/report.ts';
import { exitCodes } from '../errors/codes.ts';
import { renderReport } from '../render/findings.ts';
import type { CliContext } from './context.ts';
import { exitWith } from './context.ts';
import { exitCodeOfFindings } from './exit-code.ts';
import { answer, say } from './terminal.ts';
import type { CommonFlags, FileFlag } from './flags.ts';
import type { SudoFlags } from './sudo-flags.ts';
import { withFleet } from './with-fleet.ts';

export interface VerifyFlags extends CommonFlags, FileFlag, SudoFlags {
  readonly failOn: Severity;
}

/** `verify`. */
export async function verify(this: CliContext, { file, failOn, ...sudo }: VerifyFlags): Promise<void> {
  await withFleet(this, { file, sudo, onlyLooks: true }, async ({ loaded, fleet }) => {
    const { verifyCluster } = await this.verbs.verify();
    const onProgress = (line: string): void => say(this.terminal, line);
    const report = await verifyCluster({ cluster: loaded.cluster, fleet, signal: this.interruption.signal, onProgress });
    answer(this.terminal, report, renderReport);
    exitWith(this, exitCodeOf(report, failOn));
  });
}

/** What a check needed and could not see comes before what was found. */
function exitCodeOf(report: ReportJson, failOn: Severity): number {
  return report.unknown.length > 0 ? exitCodes.unreachable : exitCodeOfFindings(report, failOn);
}
