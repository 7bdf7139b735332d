import { mkdtempSync, readdirSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A socket's path ends at about 104 bytes, and ssh appends some 20 while it binds it. */
const MAX_BASE_LENGTH = 50;
const NAME = /^kw-(\d+)-[A-Za-z0-9]{6}$/;

/**
 * A directory for the control sockets of this process, mode 0700: who can open a socket is logged in. Empty ones that killed
 * processes left behind are removed.
 */
export function makeSocketDirectory(): string {
  const base = socketBase();
  readdirSync(base)
    .filter(isLeftOver)
    .forEach((name) => removeIfEmpty(join(base, name)));
  return mkdtempSync(join(base, `kw-${process.pid}-`));
}

function socketBase(): string {
  const runtime = process.env['XDG_RUNTIME_DIR'];
  const base = runtime === undefined || runtime === '' ? tmpdir() : runtime;
  return base.length > MAX_BASE_LENGTH ? '/tmp' : base;
}

function isLeftOver(name: string): boolean {
  const pid = NAME.exec(name)?.[1];
  return pid !== undefined && !isAlive(Number(pid));
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // EPERM: alive, and another user's.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

function removeIfEmpty(path: string): void {
  try {
    rmdirSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // A connection lives on in it, another user's, or another process was quicker.
    if (code === undefined || !['ENOTEMPTY', 'EPERM', 'EACCES', 'ENOENT'].includes(code)) throw error;
  }
}
