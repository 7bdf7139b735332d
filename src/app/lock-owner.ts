import { hostname, userInfo } from 'node:os';
import { AppError } from '../errors/app-error.ts';
import type { LockHolder } from '../hosts/host.ts';

/** This process, as the owner of a lock. */
export function ownerOfThisProcess(): string {
  return `${user()} pid ${process.pid}`;
}

/** Whether a lock's owner is a process of this user on this machine that is no more: it renews nothing. */
export function isOursAndDead(owner: string): boolean {
  const [who, pid] = owner.split(' pid ');
  return who === user() && !isAlive(Number.parseInt(pid ?? '', 10));
}

function user(): string {
  return `${userInfo().username}@${hostname()}`;
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid)) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** What is said where another run holds a machine, by a command that may take its place (`takes`) or only looks. */
export function lockedBy(machine: string, { owner, runId, since, expires }: Omit<LockHolder, 'token'>, { takes }: { readonly takes: boolean }): AppError {
  return new AppError('locked', `${machine} is locked by ${owner}`, {
    details: [`run ${runId}, since ${since}, until ${expires} unless renewed`],
    ...(takes && { hint: `wait for it to end; if it shall end now, take its place with --take-over ${runId}` }),
    retry: 'safe',
  });
}
