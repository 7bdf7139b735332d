import { encodeRunName } from '../shell/run-name.ts';
import { AppError } from '../errors/app-error.ts';
import type { Answer } from './ask.ts';
import { ask } from './ask.ts';
import type { Request } from './contact.ts';
import type { Fence, LockAnswer, LockHolder } from './host.ts';
import type { HostPrograms } from './host-programs.ts';
import { hungError } from './patience.ts';
import { parseLockFile } from './run-outcome.ts';
import type { SshLink } from './ssh-link.ts';

/** No run has such a name. */
const OVER_NONE = '-';

/** How a host is asked about its lock. */
export interface LockCall {
  readonly link: SshLink;
  readonly programs: HostPrograms;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
}

/**
 * Takes or renews the lock. The host reckons the expiry by its own clock: it is told how long, not until when, since the
 * clocks of two operators and a host need not agree.
 */
export async function lockHost(call: LockCall, holder: LockHolder, over?: string): Promise<LockAnswer> {
  const { link, programs } = call;
  const ttl = Math.max(0, Math.ceil((Date.parse(holder.expires) - Date.now()) / 1000));
  const words = [encodeRunName(holder.runId), holder.token, ttl, over === undefined ? OVER_NONE : encodeRunName(over)];
  const answer = await askInTime(call, (nonce) => ({ program: programs.lock, words: [nonce, ...words], texts: [JSON.stringify(holder)] }));
  const [reason = '', before = ''] = answer.outcome.split(' ', 2);
  if (reason === 'taken') return { taken: true, ...(before !== '' && { before: Number(before) }) };
  if (reason !== 'held' && reason !== 'outnumbered')
    throw new AppError('remote-failed', `${link.target.name} could not take its lock: ${answer.outcome}`, { details: answer.remarks });
  return { taken: false, held: reason === 'held', holder: parseLockFile(answer.outcome.slice(reason.length + 1)) };
}

/** Gives the lock back; nothing happens when another run has it by now. */
export async function unlockHost(call: LockCall, fence: Fence): Promise<void> {
  await askInTime(call, (nonce) => ({ program: call.programs.unlock, words: [nonce, encodeRunName(fence.runId), fence.token] }));
}

/** Throws `host-unreachable` when the host is connected and does not answer. */
async function askInTime({ link, signal, timeoutMs }: LockCall, request: Request): Promise<Answer> {
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    return await ask({ link, signal: AbortSignal.any([signal, timeout]), request });
  } catch (error) {
    if (!timeout.aborted || signal.aborted) throw error;
    throw hungError(link.target, `did not answer within ${timeoutMs / 1000} s when it was asked for its lock`);
  }
}
