import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runProgram } from '../process/run-program.ts';
import { cacheRoot, ensureEntry } from './cache.ts';
import { ownIdentity } from './process-identity.ts';

const script = join(import.meta.dirname, 'testing', 'make-entry.ts');
const never = new AbortController().signal;
let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'kubewright-cache-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

function fill(text: string): (dir: string) => Promise<void> {
  return (dir) => writeFile(join(dir, 'content'), text);
}

function startMaker(id: string, mode: 'hang' | 'orphan') {
  return spawn(process.execPath, ['--import', 'tsx', script, root, id, mode, join(root, 'log')], { stdio: ['ignore', 'pipe', 'inherit'] });
}

async function leftOvers(): Promise<readonly string[]> {
  const ids = await readdir(join(root, 'tmp')).catch(() => []);
  return (await Promise.all(ids.map((id) => readdir(join(root, 'tmp', id))))).flat();
}

describe('cacheRoot', () => {
  it.each([
    [{ KUBEWRIGHT_CACHE: '/c', XDG_CACHE_HOME: '/x' }, '/c'],
    [{ XDG_CACHE_HOME: '/x' }, '/x/kubewright'],
  ])('%o is %s', (env, expected) => expect(cacheRoot(env)).toBe(expected));
});

describe('ensureEntry', () => {
  it('makes an entry once', async () => {
    const first = await ensureEntry({ id: 'a', make: fill('one') }, { root, signal: never });
    const second = await ensureEntry({ id: 'a', make: fill('two') }, { root, signal: never });
    expect(second).toBe(first);
    expect(await readFile(join(first, 'content'), 'utf8')).toBe('one');
    expect(await leftOvers()).toEqual([]);
  });

  it('leaves nothing of a failed make, and makes it anew', async () => {
    const fails = ensureEntry({ id: 'a', make: (dir) => fill('half')(dir).then(() => Promise.reject(new Error('boom'))) }, { root, signal: never });
    await expect(fails).rejects.toThrow('boom');
    expect(existsSync(join(root, 'entries', 'a'))).toBe(false);
    expect(await leftOvers()).toEqual([]);
    const path = await ensureEntry({ id: 'a', make: fill('whole') }, { root, signal: never });
    expect(await readFile(join(path, 'content'), 'utf8')).toBe('whole');
  });

  it('runs one make for many callers of one process', async () => {
    let made = 0;
    const make = (dir: string): Promise<void> => {
      made += 1;
      return fill('x')(dir);
    };
    await Promise.all(Array.from({ length: 8 }, () => ensureEntry({ id: 'a', make }, { root, signal: never })));
    expect(made).toBe(1);
  });

  it('ends as interrupted when the signal comes during make', async () => {
    const abort = new AbortController();
    const make = async (dir: string): Promise<void> => {
      await fill('half')(dir);
      abort.abort();
    };
    await expect(ensureEntry({ id: 'a', make }, { root, signal: abort.signal })).rejects.toMatchObject({ code: 'interrupted' });
    expect(existsSync(join(root, 'entries', 'a'))).toBe(false);
  });

  it('refuses an id that is a path', async () => {
    await expect(ensureEntry({ id: '../a', make: fill('') }, { root, signal: never })).rejects.toThrow('plain file name');
  });
});

describe('several processes', () => {
  it('make an entry once', async () => {
    const args = ['--import', 'tsx', script, root, 'shared', 'finish', join(root, 'log')];
    const answers = await Promise.all(Array.from({ length: 4 }, () => runProgram(process.execPath, args)));
    for (const { stdout } of answers) expect(stdout).toContain('whole');
    expect((await readFile(join(root, 'log'), 'utf8')).trim().split('\n')).toHaveLength(1);
  }, 30_000);

  it('take over from one that was killed, and clear what it left', async () => {
    const killed = startMaker('shared', 'hang');
    await once(killed.stdout, 'data');
    const lines: string[] = [];
    const onProgress = (line: string): void => {
      lines.push(line);
      killed.kill('SIGKILL');
    };
    const path = await ensureEntry({ id: 'shared', make: fill('whole') }, { root, signal: never, onProgress });
    expect(lines[0]).toContain(`being made by process ${killed.pid}`);
    expect(await readFile(join(path, 'content'), 'utf8')).toBe('whole');
    expect(await leftOvers()).toEqual([]);
  }, 30_000);

  it('take over from one that was killed while its compiler goes on writing', async () => {
    const killed = startMaker('shared', 'orphan');
    await once(killed.stdout, 'data');
    killed.kill('SIGKILL');
    await once(killed, 'close');
    const path = await ensureEntry({ id: 'shared', make: fill('whole') }, { root, signal: never });
    expect(await readdir(path)).toEqual(['content']);
    expect(await leftOvers()).toEqual([]);
    await ensureEntry({ id: 'next', make: fill('x') }, { root, signal: never });
    expect(await readdir(join(root, 'bin'))).toEqual([]);
  }, 30_000);

  it('clear what a killed maker of another entry left, and wait no longer than the signal says', async () => {
    const killed = startMaker('other', 'hang');
    await once(killed.stdout, 'data');
    const abort = new AbortController();
    const waiting = ensureEntry({ id: 'other', make: fill('x') }, { root, signal: abort.signal, onProgress: () => abort.abort() });
    await expect(waiting).rejects.toMatchObject({ code: 'interrupted' });
    await ensureEntry({ id: 'a', make: fill('x') }, { root, signal: never });
    expect(await leftOvers()).toHaveLength(1);
    killed.kill('SIGKILL');
    await once(killed, 'close');
    await ensureEntry({ id: 'b', make: fill('x') }, { root, signal: never });
    expect(await leftOvers()).toEqual([]);
  }, 30_000);

  it('do not mistake a process that has the pid of a dead owner for it', async () => {
    const dir = join(root, 'locks', 'a');
    await mkdir(dir, { recursive: true });
    await writeFile(join(dir, '7'), JSON.stringify({ ...(await ownIdentity()), started: '1' }));
    await ensureEntry({ id: 'a', make: fill('x') }, { root, signal: never });
    expect(await readdir(dir)).toEqual(['8']);
  });
});
