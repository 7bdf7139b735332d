import { AppError } from '../errors/app-error.ts';
import { command, quote } from '../shell/quote.ts';
import { LOADER } from './frame.ts';
import type { HostTarget } from './host.ts';
import { manualCommand } from './ssh-arguments.ts';
import { lastLines } from './ssh-failure.ts';

/** What sudo prints on standard error when it wants a password; nothing else on a machine prints it. */
export const SUDO_ASKS = '##kw-sudo asks##';
/** What our program prints on standard error once sudo has let it in. */
export const SUDO_LETS_IN = '##kw-sudo lets in##';

/** With sudo's own words in English, whatever the login sets. */
const ENGLISH = ['env', 'LC_ALL=C'] as const;
const NOT_FOUND = 127;

/** Must the login become root first? */
export function needsSudo({ user }: HostTarget): boolean {
  return user !== 'root';
}

/**
 * The remote command of every operation, for every login: the loader, as root. Without a password sudo is not given the chance to ask for one; with one it asks by `SUDO_ASKS`,
 * on standard input and not of a terminal, and the loader tells when it is in, so that nothing but the password is ever read as one.
 */
export function remoteCommand(target: HostTarget, hasPassword: boolean): string {
  if (!needsSudo(target)) return LOADER;
  if (!hasPassword) return `exec ${command(...ENGLISH, 'sudo', '-n', '--', '/bin/sh', '-c', LOADER)}`;
  const told = `printf %s ${quote(SUDO_LETS_IN)} >&2; ${LOADER}`;
  return `exec ${command(...ENGLISH, 'sudo', '-S', '-p', SUDO_ASKS, '--', '/bin/sh', '-c', told)}`;
}

interface Refusal {
  readonly pattern: RegExp;
  /** Follows "cp-1 (10.0.0.11)". */
  readonly words: (target: HostTarget) => string;
  readonly hint: (target: HostTarget) => string;
}

const HOW_TO_GIVE = 'give it with --ask-sudo-password, --sudo-password-file FILE or --sudo-password-env NAME';
const rightFor = ({ user }: HostTarget): string => `let ${user} run every command as root there (with visudo: ${user} ALL=(ALL:ALL) ALL), or log in as root (ssh.user)`;

const WRONG: Refusal = {
  pattern: /incorrect password attempt|try again/i,
  words: ({ user }) => `did not take the sudo password of ${user}; it was tried once`,
  hint: (target) => `try it by hand: ${manualCommand(target, 'sudo -k -v')}; then ${HOW_TO_GIVE}`,
};

/** Said once the password has been found right. */
const NO_RIGHT: Refusal = {
  pattern: /not in the sudoers file|is not allowed to|may not run sudo|not permitted|account validation failure/i,
  words: ({ user }) => `does not let ${user} become root with sudo`,
  hint: rightFor,
};

/** What sudo 1.8 and 1.9 say, first match counts. */
const REFUSALS: readonly Refusal[] = [
  NO_RIGHT,
  {
    pattern: /you must have a tty|no tty present and no askpass/i,
    words: ({ user }) => `lets ${user} use sudo on a terminal only`,
    hint: ({ user }) => `take requiretty away for ${user} (with visudo: Defaults:${user} !requiretty), then run the command again`,
  },
  {
    pattern: /a password is required|interactive authentication is required/i,
    words: ({ user }) => `wants a password before ${user} becomes root with sudo`,
    hint: ({ user }) => `${HOW_TO_GIVE}; or let ${user} use sudo without one (with visudo: ${user} ALL=(ALL:ALL) NOPASSWD: ALL)`,
  },
  WRONG,
  {
    pattern: /sudo['’:"]*:? .*(not found|no such file)/i,
    words: () => 'has no program sudo',
    hint: () => 'install sudo there (Debian: apt-get install sudo, as root), or log in as root (ssh.user)',
  },
];

/** How a session ended before anybody was let in. */
interface SudoEnd {
  readonly exitCode: number;
  readonly stderr: string;
}

/** Why sudo let nobody in, as far as the end of a session tells; undefined when it was not about sudo. */
export function sudoFailure(target: HostTarget, { exitCode, stderr }: SudoEnd): AppError | undefined {
  if (!needsSudo(target) || stderr.includes(SUDO_LETS_IN)) return undefined;
  const said = withoutMarks(stderr);
  const isOfSudo = exitCode === NOT_FOUND || /^(Sorry, |sudo: |.* is not in the sudoers)/m.test(said);
  const refusal = isOfSudo ? REFUSALS.find(({ pattern }) => pattern.test(said)) : undefined;
  return refusal === undefined ? undefined : refused(target, stderr, refusal);
}

/** It was given the password and ended: whatever it said, in words that are known or not, the password counts as refused unless only the right is lacking. */
export function endedAfterPassword(target: HostTarget, end: SudoEnd): SudoVerdict {
  const isRight = NO_RIGHT.pattern.test(withoutMarks(end.stderr));
  return { error: sudoFailure(target, end) ?? refused(target, end.stderr, WRONG), isOfPassword: !isRight };
}

/** What became of a login at sudo: let in, the connection lost, or refused, by the password that it was given or not. */
export type SudoVerdict = 'in' | 'lost' | { readonly error: AppError; readonly isOfPassword: boolean };

/** It asked once more for the password that it had been given. */
export function wrongPassword(target: HostTarget, stderr: string): AppError {
  return refused(target, stderr, WRONG);
}

/** It neither asked in its own words nor let anybody in. */
export function silentSudo(target: HostTarget, stderr: string): AppError {
  return refused(target, stderr, {
    words: ({ user }) => `asks ${user} for something else than a password before sudo, or does not answer`,
    hint: (host) =>
      `see what it asks: ${manualCommand(host, 'sudo -k -v')}; a second factor cannot be given here: let ${host.user} use sudo without one, or log in as root (ssh.user)`,
  });
}

/** Another machine did not take this user's password: this one is not told it. */
export function notTold(target: HostTarget, first: HostTarget): AppError {
  return new AppError('sudo-refused', `${target.name} (${target.address}) was not given the sudo password of ${target.user}: ${first.name} (${first.address}) did not take it`, {
    hint: WRONG.hint(first),
  });
}

function refused(target: HostTarget, stderr: string, { words, hint }: Omit<Refusal, 'pattern'>): AppError {
  const details = lastLines(withoutMarks(stderr));
  return new AppError('sudo-refused', `${target.name} (${target.address}) ${words(target)}`, { hint: hint(target), details });
}

/** Standard error without what is said between sudo and us, and before it let us in: its lecture. */
export function withoutMarks(stderr: string): string {
  const inside = stderr.lastIndexOf(SUDO_LETS_IN);
  return (inside < 0 ? stderr : stderr.slice(inside + SUDO_LETS_IN.length)).replaceAll(SUDO_ASKS, '');
}
