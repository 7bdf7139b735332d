import { hostname, userInfo } from 'node:os';

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
