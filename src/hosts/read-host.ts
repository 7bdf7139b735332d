import { AppError } from '../errors/app-error.ts';
import { ask } from './ask.ts';
import type { SshLink } from './ssh-link.ts';

/** Beyond the host's own deadline for the script: the time for the connection to bring the answer. */
const SLACK_MS = 10_000;

export interface ReadOptions {
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
}

/** Runs a script that changes nothing. Throws `remote-failed` when it ends with another exit code than 0, or not in time. */
export async function readHost(link: SshLink, program: string, script: string, options: ReadOptions): Promise<string> {
  const secs = Math.max(1, Math.ceil(options.timeoutMs / 1000));
  const timeout = AbortSignal.timeout(options.timeoutMs + SLACK_MS);
  const signal = AbortSignal.any([options.signal, timeout]);
  const answer = await ask({ link, signal, request: (nonce) => ({ program, words: [nonce, secs], texts: [script] }) }).catch((error: unknown) => {
    throw timeout.aborted && !options.signal.aborted ? tooLate(link, secs) : error;
  });
  if (answer.outcome === 'exited 0') return answer.output.toString('utf8');
  if (answer.outcome === 'deadline') throw tooLate(link, secs);
  throw new AppError('remote-failed', `a script on ${link.target.name} ended with exit code ${answer.outcome.replace('exited ', '')}`, { details: answer.remarks });
}

function tooLate(link: SshLink, secs: number): AppError {
  return new AppError('remote-failed', `a script on ${link.target.name} did not end within ${secs} s`, { retry: 'safe' });
}
