import { command } from '../shell/quote.ts';
import type { HostTarget } from './host.ts';

/** For TCP and the exchange of keys, through jump hosts too. */
const CONNECT_SECONDS = 10;
/** A silent connection is given up after `ALIVE_SECONDS * ALIVE_TRIES`. */
const ALIVE_SECONDS = 5;
const ALIVE_TRIES = 3;
/** A master whose tool was killed ends by itself after so many idle seconds. */
const PERSIST_SECONDS = 120;

/**
 * Options of every connection. The user's own configuration stays in force but for what would change the standard streams or
 * ask questions. With `BatchMode` ssh's default `StrictHostKeyChecking=ask` refuses unknown host keys; what a user has set otherwise holds.
 */
const COMMON = [
  '-T',
  '-x',
  '-a',
  ...options({
    BatchMode: 'yes',
    LogLevel: 'ERROR',
    ConnectTimeout: CONNECT_SECONDS,
    ServerAliveInterval: ALIVE_SECONDS,
    ServerAliveCountMax: ALIVE_TRIES,
    RemoteCommand: 'none',
    PermitLocalCommand: 'no',
    ClearAllForwardings: 'yes',
  }),
];

/** Arguments by which a machine has to take the connection within so many seconds. */
export function connectWithin(seconds: number): readonly string[] {
  return options({ ConnectTimeout: seconds });
}

/** Opens the connection that the sessions share, and returns when it is there: `-f` goes to the background after the login. */
export function masterArguments(target: HostTarget, socketPath: string, extra: readonly string[]): readonly string[] {
  return ['-M', '-N', '-f', ...options({ ControlPersist: PERSIST_SECONDS }), ...connection(target, socketPath, extra), '--', target.address];
}

/** One remote command over the shared connection. */
export function sessionArguments(target: HostTarget, socketPath: string, extra: readonly string[], remoteCommand: string): readonly string[] {
  return [...options({ ControlMaster: 'no' }), ...connection(target, socketPath, extra), '--', target.address, remoteCommand];
}

/** Ends the shared connection. */
export function closeArguments(target: HostTarget, socketPath: string): readonly string[] {
  return ['-O', 'exit', ...options({ ControlPath: sshPath(socketPath), LogLevel: 'QUIET' }), '--', target.address];
}

/** What a person runs to see the same failure, with ssh's own words and questions; on a terminal where another command than `true` is to be seen. */
export function manualCommand(target: HostTarget, remote = 'true'): string {
  return command('ssh', ...(remote === 'true' ? [] : ['-t']), ...access(target), `${target.user}@${target.address}`, remote);
}

function connection(target: HostTarget, socketPath: string, extra: readonly string[]): readonly string[] {
  // Of an option that is given twice ssh takes the first.
  return [...extra, ...COMMON, ...options({ ControlPath: sshPath(socketPath) }), '-l', target.user, ...access(target)];
}

function access(target: HostTarget): readonly string[] {
  return [
    ...(target.port === undefined ? [] : options({ Port: target.port })),
    ...(target.jump === undefined ? [] : options({ ProxyJump: target.jump })),
    ...(target.identityFile === undefined ? [] : options({ IdentityFile: sshPath(target.identityFile), IdentitiesOnly: 'yes' })),
    ...(target.knownHostsFile === undefined
      ? []
      : options({ UserKnownHostsFile: sshPath(target.knownHostsFile), GlobalKnownHostsFile: '/dev/null', StrictHostKeyChecking: 'yes' })),
  ];
}

function options(values: Readonly<Record<string, string | number>>): readonly string[] {
  return Object.entries(values).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
}

/** ssh splits values at blanks and expands `%`; a leading `~` keeps its meaning. */
function sshPath(path: string): string {
  const plain = path.replaceAll('%', '%%');
  return /\s/.test(plain) ? `"${plain}"` : plain;
}
