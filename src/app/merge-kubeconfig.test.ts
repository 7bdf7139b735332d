import { mkdtemp, readFile, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mergeKubeconfig, ownKubeconfigPath } from './merge-kubeconfig.ts';

const entries = {
  name: 'demo',
  cluster: { server: 'https://10.0.0.12:6443', 'tls-server-name': 'api.demo.kubewright.internal', 'certificate-authority-data': 'Y2E=' },
  user: { 'client-certificate-data': 'Y2VydA==', 'client-key-data': 'a2V5' },
};

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kubeconfig-'));
});
afterEach(() => rm(directory, { recursive: true }));

const modeOf = async (path: string): Promise<number> => (await stat(path)).mode & 0o777;

describe('mergeKubeconfig', () => {
  it('makes the file and its directory, for their owner alone', async () => {
    const path = join(directory, '.kube', 'config');
    expect(await mergeKubeconfig(entries, { path })).toEqual({ path, context: 'demo', backup: undefined, currentContext: 'demo' });
    expect([await modeOf(path), await modeOf(join(directory, '.kube'))]).toEqual([0o600, 0o700]);
  });

  it('keeps a copy of what was there, and makes none where nothing changes', async () => {
    const path = join(directory, 'config');
    await writeFile(path, 'current-context: work\n', { mode: 0o644 });
    const { backup, currentContext } = await mergeKubeconfig(entries, { path });
    expect(await readFile(backup ?? '', 'utf8')).toBe('current-context: work\n');
    expect([await modeOf(path), await modeOf(backup ?? ''), currentContext]).toEqual([0o600, 0o600, 'work']);
    const once = await stat(path);
    expect(await mergeKubeconfig(entries, { path })).toMatchObject({ backup: undefined });
    expect((await stat(path)).ino).toBe(once.ino);
    expect((await readdir(directory)).sort()).toEqual(['config', 'config.before-kubewright']);
  });

  it('writes over no copy of an earlier merge', async () => {
    const path = join(directory, 'config');
    for (const before of ['current-context: one\n', 'current-context: two\n', 'current-context: three\n']) {
      await writeFile(path, before);
      const { backup } = await mergeKubeconfig(entries, { path });
      expect(await readFile(backup ?? '', 'utf8')).toBe(before);
    }
    const names = ['config', 'config.before-kubewright', 'config.before-kubewright-2', 'config.before-kubewright-3'];
    expect((await readdir(directory)).sort()).toEqual(names);
  });

  it.each(['first', 'second'])('changes nothing about where kubectl goes, though only the other file names a current context: the %s is written', async (written) => {
    const [first, second] = [join(directory, 'first'), join(directory, 'second')];
    await writeFile(join(directory, written), '');
    await writeFile(join(directory, written === 'first' ? 'second' : 'first'), 'current-context: work\n');
    const env = { KUBECONFIG: `${first}:${second}` };
    const path = join(directory, written);
    expect(await mergeKubeconfig(entries, { path }, env)).toMatchObject({ path, currentContext: 'work' });
    expect(await readFile(path, 'utf8')).not.toContain('current-context');
  });

  it('sets the current context where no file names one, and in a file that kubectl does not read with the others', async () => {
    await writeFile(join(directory, 'second'), '');
    const env = { KUBECONFIG: `${join(directory, 'first')}:${join(directory, 'second')}` };
    expect(await mergeKubeconfig(entries, {}, env)).toMatchObject({ path: join(directory, 'second'), currentContext: 'demo' });
    const alone = join(directory, 'alone');
    await mergeKubeconfig(entries, { path: alone, context: 'prod' }, env);
    expect(await readFile(alone, 'utf8')).toContain('current-context: prod\n');
  });

  it('writes through a link, and leaves it one', async () => {
    const path = join(directory, 'link');
    await writeFile(join(directory, 'real'), '');
    await symlink('real', path);
    await mergeKubeconfig(entries, { path });
    expect(await readFile(join(directory, 'real'), 'utf8')).toContain('name: demo');
    expect(await readdir(directory)).toEqual(['link', 'real', 'real.before-kubewright']);
  });

  it('writes nothing beside somebody who writes it, or where it is refused', async () => {
    const path = join(directory, 'config');
    await writeFile(path, 'kind: Pod\n');
    await expect(mergeKubeconfig(entries, { path })).rejects.toMatchObject({ code: 'refused' });
    await writeFile(`${path}.lock`, '');
    await expect(mergeKubeconfig(entries, { path })).rejects.toMatchObject({ code: 'locked', hint: expect.stringContaining('config.lock') as string });
    expect(await readFile(path, 'utf8')).toBe('kind: Pod\n');
    expect((await readdir(directory)).sort()).toEqual(['config', 'config.lock']);
  });

  it('says where it could not write', async () => {
    await writeFile(join(directory, 'file'), '');
    await expect(mergeKubeconfig(entries, { path: join(directory, 'file', 'config') })).rejects.toMatchObject({
      code: 'local-file',
      message: expect.stringContaining(directory) as string,
    });
  });
});

it('takes the file that kubectl writes to', async () => {
  expect(await ownKubeconfigPath({})).toBe(join(homedir(), '.kube', 'config'));
  const [one, two, three] = ['one', 'two', 'three'].map((name) => join(directory, name));
  const env = { KUBECONFIG: `:${one}:${two}:${three}` };
  expect(await ownKubeconfigPath(env)).toBe(three);
  await writeFile(two ?? '', '');
  expect(await ownKubeconfigPath(env)).toBe(two);
});
