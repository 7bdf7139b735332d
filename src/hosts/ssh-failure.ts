import { AppError } from '../errors/app-error.ts';
import type { HostTarget } from './host.ts';
import { manualCommand } from './ssh-arguments.ts';

interface Failure {
  readonly pattern: RegExp;
  /** Follows "cp-1 (10.0.0.11)". */
  readonly words: string;
  /** May the next try succeed without anybody's doing? */
  readonly passing: boolean;
  readonly hint: (target: HostTarget) => string;
}

const SSH_PORT = 22;

const byHand = (target: HostTarget): string => `try by hand: ${manualCommand(target)}`;

/** What OpenSSH says (8.x to 10.x), first match counts. */
const FAILURES: readonly Failure[] = [
  {
    pattern: /REMOTE HOST IDENTIFICATION HAS CHANGED|Host key for .* has changed/i,
    words: 'shows another host key than the one that is known for it: it was set up anew, or someone stands between',
    passing: false,
    hint: (target) =>
      `if it was set up anew, remove the old key with ssh-keygen -R ${knownName(target)}${inFile(target)}, then log in once and check the new one: ${manualCommand(target)}`,
  },
  {
    pattern: /Host key verification failed|host key is known for/i,
    words: 'has a host key that is not known here',
    passing: false,
    hint: (target) =>
      target.knownHostsFile === undefined
        ? `log in once and check the key that ssh shows: ${manualCommand(target)} (or name a file that has it: knownHostsFile)`
        : `add the host key to ${target.knownHostsFile}`,
  },
  {
    pattern: /Permission denied|Too many authentication failures|No supported authentication methods/i,
    words: 'refused the login',
    passing: false,
    hint: (target) => `check the user (${target.user}) and the SSH key; ${byHand(target)}`,
  },
  {
    pattern: /Could not resolve hostname/i,
    words: 'cannot be found: its name does not resolve',
    passing: false,
    hint: (target) => `check the address in the cluster file; ${byHand(target)}`,
  },
  {
    pattern: /Bad (owner or permissions|configuration option)|keyword .* extra arguments|unsupported option|Load key|UNPROTECTED PRIVATE KEY/i,
    words: 'was not dialled: ssh does not accept its own configuration or key file',
    passing: false,
    hint: (target) => `mend what ssh names below; ${byHand(target)}`,
  },
  {
    pattern: /Connection refused/i,
    words: 'refused the connection',
    passing: true,
    hint: (target) => `check that sshd runs there and that the address is right; ${byHand(target)}`,
  },
  {
    pattern: /timed out|timeout/i,
    words: 'did not answer in time',
    passing: true,
    hint: (target) => `check that the machine is on and that no firewall stands between; ${byHand(target)}`,
  },
  {
    pattern: /No route to host|Network is unreachable/i,
    words: 'cannot be reached over the network',
    passing: true,
    hint: (target) => `check address and routes; ${byHand(target)}`,
  },
];

/** As the host stands in a known_hosts file (sshd(8)). */
function knownName({ address, port }: HostTarget): string {
  return port === undefined || port === SSH_PORT ? address : `'[${address}]:${port}'`;
}

function dialled({ address, port }: HostTarget): string {
  return port === undefined || port === SSH_PORT ? address : `${address}:${port}`;
}

function inFile(target: HostTarget): string {
  return target.knownHostsFile === undefined ? '' : ` -f ${target.knownHostsFile}`;
}

/** Through jump hosts ssh's words do not tell whose failure it is. */
function throughJump({ jump }: HostTarget): string {
  return jump === undefined ? '' : `; the way leads through ${jump}: what ssh says below may be about that`;
}

const DETAIL_LINES = 10;

/** Translates what ssh said when it could not connect or lost the connection. `retry: 'safe'` where another try may succeed by itself. */
export function sshFailure(target: HostTarget, stderr: string): AppError {
  const failure = FAILURES.find(({ pattern }) => pattern.test(stderr));
  const words = failure?.words ?? 'closed the connection';
  return new AppError('host-unreachable', `${target.name} (${dialled(target)}) ${words}${throughJump(target)}`, {
    hint: (failure?.hint ?? byHand)(target),
    retry: (failure?.passing ?? true) ? 'safe' : 'never',
    details: lastLines(stderr),
  });
}

/** The last lines that say something. */
export function lastLines(text: string): readonly string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trimEnd())
    .filter((line) => line !== '')
    .slice(-DETAIL_LINES);
}
