import { encodeRunName } from '../shell/run-name.ts';
import { AppError } from '../errors/app-error.ts';
import { ask } from './ask.ts';
import type { Fence, LockAnswer, LockHolder } from './host.ts';
import type { HostPrograms } from './host-programs.ts';
import { parseLockFile } from './run-outcome.ts';
import type { SshLink } from './ssh-link.ts';

/**
 * Takes or renews the lock. The host reckons the expiry by its own clock: it is told how long, not until when, since the
 * clocks of two operators and a host need not agree.
 */
export async function lockHost(link: SshLink, programs: HostPrograms, holder: LockHolder, signal: AbortSignal): Promise<LockAnswer> {
  const ttl = Math.max(0, Math.ceil((Date.parse(holder.expires) - Date.now()) / 1000));
  const words = [encodeRunName(holder.runId), holder.token, ttl];
  const answer = await ask({ link, signal, request: (nonce) => ({ program: programs.lock, words: [nonce, ...words], texts: [JSON.stringify(holder)] }) });
  const [reason = '', before = ''] = answer.outcome.split(' ', 2);
  if (reason === 'taken') return { taken: true, ...(before !== '' && { before: Number(before) }) };
  if (reason !== 'held' && reason !== 'outnumbered')
    throw new AppError('remote-failed', `${link.target.name} could not take its lock: ${answer.outcome}`, { details: answer.remarks });
  return { taken: false, held: reason === 'held', holder: parseLockFile(answer.outcome.slice(reason.length + 1)) };
}

/** Gives the lock back; nothing happens when another run has it by now. */
export async function unlockHost(link: SshLink, programs: HostPrograms, fence: Fence, signal: AbortSignal): Promise<void> {
  await ask({ link, signal, request: (nonce) => ({ program: programs.unlock, words: [nonce, encodeRunName(fence.runId), fence.token] }) });
}
