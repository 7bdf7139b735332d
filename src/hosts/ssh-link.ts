import { existsSync } from 'node:fs';
import type { LimitFunction } from 'p-limit';
import pLimit from 'p-limit';
import { AppError } from '../errors/app-error.ts';
import type { HostTarget } from './host.ts';
import { closeArguments, masterArguments, sessionArguments } from './ssh-arguments.ts';
import { sshFailure } from './ssh-failure.ts';
import type { SshProcess } from './ssh-session.ts';
import { SshSession, endSsh, spawnSsh, sshEnd } from './ssh-session.ts';
import { needsSudo, remoteCommand } from './sudo.ts';
import type { SudoTrials } from './sudo-trials.ts';
import { TrafficMeter } from './traffic-meter.ts';

/** sshd's `MaxSessions` is 10 by default. */
const MAX_SESSIONS = 8;
/** ssh's own `ConnectTimeout` ends with the key exchange; a login that hangs is given up by this. */
const LOGIN_DEADLINE_MS = 30_000;

/** The master of a connection answers at once, or hangs. */
const CLOSE_DEADLINE_MS = 5000;

export interface LinkSettings {
  /** Control socket of this host's shared connection. */
  readonly socketPath: string;
  /** Further arguments for ssh, before the address. */
  readonly sshArguments: readonly string[];
  /** For logins other than root; without it sudo must not want one. */
  readonly sudoPassword?: string | undefined;
  /** Shared by all hosts: which of them is told the password first. */
  readonly sudoTrials: SudoTrials;
  /** Shared by all hosts: how many may be connecting at once. */
  readonly connecting: LimitFunction;
}

/** The connection to one host: made when first needed, made again when lost, shared by its sessions. */
export class SshLink {
  readonly target: HostTarget;
  readonly meter = new TrafficMeter();
  readonly #settings: LinkSettings;
  readonly #sessions = pLimit(MAX_SESSIONS);
  #connecting: Promise<void> | undefined;
  /** Sessions become root with a password one after another until one has: a host that refuses it is not asked again, lest the account be locked. */
  readonly #first = pLimit(1);
  #isLetIn = false;
  #refusal: AppError | undefined;
  /** The ssh that is connecting now. */
  #starting: SshProcess | undefined;
  #closed = false;

  constructor(target: HostTarget, settings: LinkSettings) {
    this.target = target;
    this.#settings = settings;
  }

  /** Starts one remote command and sends the frame. Throws `host-unreachable` when there is no connection to be had, `sudo-refused` when the login cannot become root. */
  async open(frame: Uint8Array, signal: AbortSignal): Promise<SshSession> {
    const release = await this.#slot(signal);
    try {
      throwIfInterrupted(this.target, signal);
      await this.#connect(signal);
    } catch (error) {
      release();
      throw error;
    }
    const session = await this.#asRoot(signal, release);
    void session.write(frame);
    return session;
  }

  /** A session whose program reads as root. */
  async #asRoot(signal: AbortSignal, release: () => void): Promise<SshSession> {
    const password = needsSudo(this.target) ? this.#settings.sudoPassword : undefined;
    if (password === undefined) return this.#session(signal, release);
    const become = (): Promise<SshSession> => this.#become(password, signal, release);
    return this.#isLetIn ? become() : this.#first(become);
  }

  async #become(password: string, signal: AbortSignal, release: () => void): Promise<SshSession> {
    const refusal = this.#refusal;
    if (refusal !== undefined || signal.aborted) release();
    throwIfInterrupted(this.target, signal);
    if (refusal !== undefined) throw refusal;
    const session = this.#session(signal, release);
    try {
      const verdict = await session.become(password, this.#settings.sudoTrials);
      if (verdict === 'in') this.#isLetIn = true;
      else if (verdict !== 'lost') throw (this.#refusal = verdict.error);
      return session;
    } catch (error) {
      // Nobody waits for the end of a sudo that still hopes for another password.
      session.endInput();
      void session[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Ends the shared connection, one that is only being made too; what runs on the host goes on. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#starting !== undefined) endSsh(this.#starting);
    await this.#connecting?.catch(() => undefined);
    if (!existsSync(this.#settings.socketPath)) return;
    const child = spawnSsh(closeArguments(this.target, this.#settings.socketPath));
    child.stdin.end();
    child.stdout.resume();
    AbortSignal.timeout(CLOSE_DEADLINE_MS).addEventListener('abort', () => endSsh(child), { once: true });
    await sshEnd(child);
  }

  #session(signal: AbortSignal, release: () => void): SshSession {
    const { socketPath, sshArguments, sudoPassword } = this.#settings;
    this.meter.roundTrip();
    const child = spawnSsh(sessionArguments(this.target, socketPath, sshArguments, remoteCommand(this.target, sudoPassword !== undefined)));
    const stop = (): void => endSsh(child);
    signal.addEventListener('abort', stop, { once: true });
    return new SshSession(child, this.target, this.meter, () => {
      signal.removeEventListener('abort', stop);
      release();
    });
  }

  /** One of the host's sessions; the caller gives it back. Whoever is interrupted while it waits leaves the queue. */
  async #slot(signal: AbortSignal): Promise<() => void> {
    const taken = new Promise<() => void>((resolve) => {
      void this.#sessions(() => new Promise<void>((release) => resolve(release)));
    });
    try {
      return await unlessInterrupted(taken, this.target, signal);
    } catch (error) {
      void taken.then((release) => release());
      throw error;
    }
  }

  async #connect(signal: AbortSignal): Promise<void> {
    // The master removes its socket when it ends; a stale one makes ssh connect by itself, which works too.
    if (existsSync(this.#settings.socketPath)) return;
    this.#connecting ??= this.#settings
      .connecting(() => this.#startMaster())
      .finally(() => {
        this.#connecting = undefined;
      });
    await unlessInterrupted(this.#connecting, this.target, signal);
  }

  async #startMaster(): Promise<void> {
    if (this.#closed) throw new AppError('interrupted', `the connection to ${this.target.name} was closed`);
    const child = spawnSsh(masterArguments(this.target, this.#settings.socketPath, this.#settings.sshArguments));
    child.stdin.end();
    child.stdout.resume();
    this.#starting = child;
    const late = AbortSignal.timeout(LOGIN_DEADLINE_MS);
    late.addEventListener('abort', () => endSsh(child), { once: true });
    const { exitCode, stderr } = await sshEnd(child).finally(() => (this.#starting = undefined));
    if (exitCode !== 0) throw sshFailure(this.target, late.aborted ? 'login timed out' : stderr);
  }
}

export function throwIfInterrupted(target: HostTarget, signal: AbortSignal): void {
  if (signal.aborted) throw new AppError('interrupted', `interrupted while working on ${target.name}`, { retry: 'safe' });
}

async function unlessInterrupted<T>(work: Promise<T>, target: HostTarget, signal: AbortSignal): Promise<T> {
  const settled = new AbortController();
  const interrupted = new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true, signal: settled.signal });
  });
  try {
    await Promise.race([work, interrupted]);
    throwIfInterrupted(target, signal);
    return await work;
  } finally {
    settled.abort();
    work.catch(() => undefined);
  }
}
