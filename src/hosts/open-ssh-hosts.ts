import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import pLimit from 'p-limit';
import type { HostLayout } from '../shell/host-layout.ts';
import { hostLayout } from '../shell/host-layout.ts';
import type { Host, HostTarget } from './host.ts';
import { hostPrograms } from './host-programs.ts';
import { openSshHost } from './open-ssh-host.ts';
import type { Patience } from './patience.ts';
import { DEFAULT_PATIENCE } from './patience.ts';
import { makeSocketDirectory } from './socket-directory.ts';
import { connectWithin } from './ssh-arguments.ts';
import { SshLink } from './ssh-link.ts';
import { SudoTrials } from './sudo-trials.ts';

const MAX_CONNECTING = 16;

export interface OpenSshOptions {
  /** On abort the connections are closed as by disposing. */
  readonly signal: AbortSignal;
  /** Further arguments for every ssh, such as `-p 2222`. */
  readonly sshArguments?: readonly string[];
  /** How long a machine may take to accept the connection. */
  readonly connectSeconds?: number | undefined;
  /** For logins other than root whose sudo wants one. */
  readonly sudoPassword?: string | undefined;
  /** Where hosts of one command are opened at several times: the same for all. */
  readonly sudoTrials?: SudoTrials;
  /** What of it is not given is `DEFAULT_PATIENCE`. */
  readonly patience?: Partial<Patience>;
  readonly layout?: HostLayout;
}

/** Machines by the name of their target. Disposing closes the connections; scripts on the machines go on. */
export interface OpenSshHosts extends AsyncDisposable {
  readonly hosts: ReadonlyMap<string, Host>;
}

/** Hosts of these targets; each is dialled when first needed, and keeps one connection that all its sessions share. */
export function openSshHosts(targets: readonly HostTarget[], options: OpenSshOptions): OpenSshHosts {
  const directory = makeSocketDirectory();
  const programs = hostPrograms(options.layout ?? hostLayout);
  const connecting = pLimit(MAX_CONNECTING);
  const sshArguments = [...(options.connectSeconds === undefined ? [] : connectWithin(options.connectSeconds)), ...(options.sshArguments ?? [])];
  const { sudoPassword, sudoTrials = new SudoTrials() } = options;
  const settings = { sshArguments, sudoPassword, sudoTrials, connecting };
  const links = targets.map((target, index) => new SshLink(target, { ...settings, socketPath: join(directory, String(index)) }));
  const hosts = links.map((link) => [link.target.name, openSshHost(link, programs, { ...DEFAULT_PATIENCE, ...options.patience })] as const);
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= closeAll(links, directory));
  options.signal.addEventListener('abort', () => void close(), { once: true });
  return { hosts: new Map(hosts), [Symbol.asyncDispose]: close };
}

async function closeAll(links: readonly SshLink[], directory: string): Promise<void> {
  await Promise.all(links.map((link) => link.close()));
  await rm(directory, { recursive: true, force: true });
}
