import type { ChildProcessByStdio } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { AppError } from '../errors/app-error.ts';
import type { HostTarget } from './host.ts';
import { lastLines, sshFailure } from './ssh-failure.ts';
import { SUDO_ASKS, SUDO_LETS_IN, silentSudo, sudoFailure, withoutMarks, wrongPassword } from './sudo.ts';
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

  constructor(child: SshProcess, target: HostTarget, meter: TrafficMeter, release: () => void) {
    this.#child = child;
    this.#target = target;
    this.#meter = meter;
    this.#release = release;
    this.#end = sshEnd(child);
    // Looked at when the output ends; until then a failure to start must not count as unhandled.
    this.#end.catch(() => undefined);
    // A remote command may end before it has read everything: its answer tells, not the broken pipe.
    child.stdin.on('error', () => undefined);
  }

  /**
   * Becomes root: gives sudo the password when it asks, once. True when it has let us in, false when the connection is lost, which `failure` tells. Throws `sudo-refused`.
   */
  async become(password: string): Promise<boolean> {
    const late = AbortSignal.timeout(SUDO_DEADLINE_MS);
    const said = await this.#saidBySudo(password, late);
    if (said.includes(SUDO_LETS_IN)) return true;
    if (said.split(SUDO_ASKS).length > 2) throw wrongPassword(this.#target, said);
    if (late.aborted) throw silentSudo(this.#target, said);
    const ended = await this.#end;
    const failure = ended.exitCode === SSH_FAILED ? undefined : sudoFailure(this.#target, ended);
    if (failure) throw failure;
    return false;
  }

  /** What sudo says until it has let us in, asks a second time, ends, or is late. */
  #saidBySudo(password: string, late: AbortSignal): Promise<string> {
    return new Promise((resolve) => {
      let said = '';
      let isGiven = false;
      const end = (): void => resolve(said);
      late.addEventListener('abort', end, { once: true });
      this.#end.then(end, end);
      this.#child.stderr.on('data', (text: string) => {
        if (said.includes(SUDO_LETS_IN)) return;
        said += text;
        if (!isGiven && said.includes(SUDO_ASKS)) {
          isGiven = true;
          void this.write(Buffer.from(`${password}\n`));
        }
        if (said.includes(SUDO_LETS_IN) || said.split(SUDO_ASKS).length > 2) end();
      });
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
