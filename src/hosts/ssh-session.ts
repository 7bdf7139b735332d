import type { ChildProcessByStdio } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { AppError } from '../errors/app-error.ts';
import type { HostTarget } from './host.ts';
import { lastLines, sshFailure } from './ssh-failure.ts';
import { SUDO_ASKS, SUDO_LETS_IN, endedAfterPassword, silentSudo, sudoFailure, withoutMarks, wrongPassword } from './sudo.ts';
import type { SudoVerdict } from './sudo.ts';
import type { SudoTrials } from './sudo-trials.ts';
import type { TrafficMeter } from './traffic-meter.ts';

export type SshProcess = ChildProcessByStdio<Writable, Readable, Readable>;

const STDERR_LIMIT = 64 * 1024;
/** ssh's own failures, and remote commands that a signal ended; our programs end with 0 or 1. */
const SSH_FAILED = 255;

/** For the machine to look a password up, wherever it is kept. */
const SUDO_DEADLINE_MS = 30_000;

/** Starts the system's ssh in a session of its own: a Ctrl-C at the terminal is for the tool to act on, not for its connections. */
export function spawnSsh(args: readonly string[]): SshProcess {
  return spawn('ssh', args, { stdio: ['pipe', 'pipe', 'pipe'], detached: true });
}

/** An ssh that does not end when asked to is ended after this. */
const END_GRACE_MS = 500;

/** Ends an ssh with all that it started (a `ProxyCommand` would hold its streams open): at once, whatever state it is in. What runs on the host goes on. */
export function endSsh(child: SshProcess): void {
  signalGroup(child, 'SIGTERM');
  AbortSignal.timeout(END_GRACE_MS).addEventListener('abort', () => signalGroup(child, 'SIGKILL'), { once: true });
}

/** Each ssh leads a process group of its own (`detached`), which is there as long as its streams are open. */
function signalGroup({ pid, stdout, stderr }: SshProcess, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (pid === undefined || (stdout.closed && stderr.closed)) return;
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** The end of a process: its exit code and what it said. */
export async function sshEnd(child: SshProcess): Promise<{ readonly exitCode: number; readonly stderr: string }> {
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-STDERR_LIMIT);
  });
  const exitCode = await new Promise<number>((resolve, reject) => {
    child.once('error', (cause: NodeJS.ErrnoException) =>
      reject(
        cause.code === 'ENOENT'
          ? new AppError('program-missing', 'program ssh is not installed', {
              cause,
              hint: 'install the OpenSSH client (Debian: apt-get install openssh-client) and run the command again',
            })
          : new AppError('program-failed', `ssh could not be started: ${cause.message}`, { cause }),
      ),
    );
    child.once('close', (code) => resolve(code ?? SSH_FAILED));
  });
  return { exitCode, stderr };
}

/** One remote command: what goes in, what comes out, and why it ended without an answer. Disposing of it ends the local ssh. */
export class SshSession implements AsyncDisposable {
  readonly #child: SshProcess;
  readonly #target: HostTarget;
  readonly #meter: TrafficMeter;
  readonly #end: ReturnType<typeof sshEnd>;
  readonly #release: () => void;
  #isEnded = false;

  constructor(child: SshProcess, target: HostTarget, meter: TrafficMeter, release: () => void) {
    this.#child = child;
    this.#target = target;
    this.#meter = meter;
    this.#release = release;
    this.#end = sshEnd(child);
    // Looked at when the output ends; until then a failure to start must not count as unhandled.
    const ended = (): boolean => (this.#isEnded = true);
    this.#end.then(ended, ended);
    // A remote command may end before it has read everything: its answer tells, not the broken pipe.
    child.stdin.on('error', () => undefined);
  }

  /** Becomes root: gives sudo the password when it asks and it is this machine's turn, once. 'lost' is told by `failure`. */
  async become(password: string, trials: SudoTrials): Promise<SudoVerdict> {
    const before = await this.#saidBySudo('', 1);
    if (before.includes(SUDO_LETS_IN)) return 'in';
    if (!before.includes(SUDO_ASKS)) return this.#unasked(before);
    let isTold = false;
    const told = trials.tell(this.#target, () => {
      isTold = true;
      return this.#tell(password, before);
    });
    // Who is interrupted while it waits for its turn leaves; what it has told is awaited.
    const ended = (): SudoVerdict | Promise<SudoVerdict> => (isTold ? told : 'lost');
    return await Promise.race([told, this.#end.then(ended, ended)]);
  }

  async #tell(password: string, before: string): Promise<SudoVerdict> {
    if (!this.isOpen) return 'lost';
    void this.write(Buffer.from(`${password}\n`));
    const said = await this.#saidBySudo(before, 2);
    if (said.includes(SUDO_LETS_IN)) return 'in';
    if (said.split(SUDO_ASKS).length > 2) return { error: wrongPassword(this.#target, said), isOfPassword: true };
    if (!this.#isEnded) return { error: silentSudo(this.#target, said), isOfPassword: false };
    const end = await this.#end;
    return end.exitCode === SSH_FAILED ? 'lost' : endedAfterPassword(this.#target, end);
  }

  /** It ended, or said nothing that we know, before it asked. */
  async #unasked(said: string): Promise<SudoVerdict> {
    if (!this.#isEnded) return { error: silentSudo(this.#target, said), isOfPassword: false };
    const end = await this.#end;
    const error = end.exitCode === SSH_FAILED ? undefined : sudoFailure(this.#target, end);
    return error === undefined ? 'lost' : { error, isOfPassword: false };
  }

  /** What sudo has said when it has let us in, has asked so many times, ends, or is late. */
  #saidBySudo(before: string, asks: number): Promise<string> {
    const { stderr } = this.#child;
    return new Promise((resolve) => {
      let said = before;
      const end = (): void => {
        stderr.off('data', hear);
        resolve(said);
      };
      const hear = (text: string): void => {
        said += text;
        if (said.includes(SUDO_LETS_IN) || said.split(SUDO_ASKS).length > asks) end();
      };
      stderr.on('data', hear);
      AbortSignal.timeout(SUDO_DEADLINE_MS).addEventListener('abort', end, { once: true });
      this.#end.then(end, end);
    });
  }

  /** Standard output as it comes; ends with the connection or the command. */
  async *output(): AsyncGenerator<Buffer> {
    for await (const chunk of this.#child.stdout as AsyncIterable<Buffer>) {
      this.#meter.received(chunk.length);
      yield chunk;
    }
  }

  /** Resolves when more may be written; at once when nobody reads any more. */
  async write(bytes: Uint8Array): Promise<void> {
    const { stdin } = this.#child;
    if (!stdin.writable) return;
    this.#meter.sent(bytes.length);
    if (stdin.write(bytes)) return;
    await Promise.race([once(stdin, 'drain').catch(() => undefined), this.#end.catch(() => undefined)]);
  }

  /** Does anybody still read what is written? */
  get isOpen(): boolean {
    return this.#child.stdin.writable;
  }

  endInput(): void {
    this.#child.stdin.end();
  }

  /** To be asked when the output has ended without the trailer. */
  async failure(): Promise<AppError> {
    const { exitCode, stderr } = await this.#end;
    if (exitCode === SSH_FAILED) return sshFailure(this.#target, stderr);
    const refusal = sudoFailure(this.#target, { exitCode, stderr });
    if (refusal) return refusal;
    return new AppError('remote-failed', `${this.#target.name} could not carry out a request: its shell ended with exit code ${exitCode}`, {
      details: lastLines(withoutMarks(stderr)),
    });
  }

  /** What the remote command said besides its answer. */
  async remarks(): Promise<readonly string[]> {
    return lastLines(withoutMarks((await this.#end).stderr));
  }

  kill(): void {
    endSsh(this.#child);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.kill();
    await this.#end.catch(() => undefined);
    this.#release();
  }
}
