import type { StatusJson } from '../contract/status.ts';
import { AppError } from '../errors/app-error.ts';
import { exitCodes } from '../errors/codes.ts';
import { renderStatus } from '../render/status.ts';
import { pollUntil } from '../util/poll.ts';
import type { CliContext } from './context.ts';
import { exitWith } from './context.ts';
import type { CommonFlags, FileFlag } from './flags.ts';
import type { SudoFlags } from './sudo-flags.ts';
import type { Terminal } from './terminal.ts';
import { answer } from './terminal.ts';
import { withFleet } from './with-fleet.ts';

export interface StatusFlags extends CommonFlags, FileFlag, SudoFlags {
  readonly watch?: boolean;
  /** Seconds. */
  readonly interval?: number;
}

const CLEAR_SCREEN = '\u001B[H\u001B[2J';
const SECOND_MS = 1000;
const DEFAULT_SECONDS = 5;

/** `status`. */
export async function status(this: CliContext, { file, watch, interval, ...sudo }: StatusFlags): Promise<void> {
  const { signal } = this.interruption;
  if (interval !== undefined && watch !== true) throw new AppError('usage', '--interval belongs to --watch', { hint: 'give --watch too, or leave it out' });
  await withFleet(this, { file, sudo, onlyLooks: true }, async ({ loaded, fleet }) => {
    const { clusterStatus } = await this.verbs.status();
    const look = (): Promise<StatusJson> => clusterStatus({ cluster: loaded.cluster, fleet, signal });
    if (watch !== true) {
      const seen = await look();
      answer(this.terminal, seen, renderStatus);
      if (seen.unknown.length > 0) exitWith(this, exitCodes.unreachable);
      return;
    }
    const showNext = async (): Promise<true | undefined> => (this.terminal.hasReader() ? show(await look(), this.terminal) : true);
    // Satisfied when its reader is, which is known after a look that nobody read. Else it ends by Ctrl-C, which is no failure to report.
    await pollUntil(showNext, { what: 'Ctrl-C', deadlineMs: Number.POSITIVE_INFINITY, everyMs: (interval ?? DEFAULT_SECONDS) * SECOND_MS, signal }).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
    if (signal.aborted) exitWith(this, exitCodes.interrupted);
  });
}

/** One look of many: in the place of the one before on a terminal, below it elsewhere. */
function show(seen: StatusJson, { format, stdout, env, paint }: Terminal): undefined {
  if (format === 'json') stdout.write(`${JSON.stringify(seen)}\n`);
  else stdout.write(`${stdout.isTTY === true && env['TERM'] !== 'dumb' ? CLEAR_SCREEN : ''}${renderStatus(seen, paint)}${stdout.isTTY === true ? '' : '\n'}`);
}
