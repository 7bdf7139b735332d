import { describe, expect, it } from 'vitest';
import { labListJson } from '../contract/lab-list.ts';
import { runOnBench } from './testing/cli-bench.ts';
import type { Verbs } from './verbs.ts';

const machine = (lab: string, name: string) => ({ lab, name, address: '10.88.0.11', pid: null, state: 'stopped' }) as const;
const machines = labListJson([machine('demo', 'cp-1'), machine('demo', 'w-1'), machine('two', 'cp-1')]);

const verbs = {
  lab: async () => ({ listLabs: async () => machines }) as unknown as Awaited<ReturnType<Verbs['lab']>>,
  audit: async () => ({ ruleCodes: () => ['node-not-ready', 'version-skew'] }) as unknown as Awaited<ReturnType<Verbs['audit']>>,
  check: async () => ({ checkCodes: () => ['swap-on', 'mtu-too-small'] }) as unknown as Awaited<ReturnType<Verbs['check']>>,
  artifacts: async () => ({ artifactNames: () => ['kubeadm', 'etcd'], kubernetesVersions: () => ['1.36.3'] }) as unknown as Awaited<ReturnType<Verbs['artifacts']>>,
} satisfies Partial<Verbs>;

/** Words that are proposed where the last of these stands. */
async function proposed(...words: readonly string[]): Promise<readonly string[]> {
  const { stdout, stderr, exitCode } = await runOnBench(['__complete', ...words], { verbs });
  expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
  return stdout.split('\n').flatMap((line) => (line === '' ? [] : [line.split('\t')[0] ?? '']));
}

describe('completion proposes', () => {
  it.each<[readonly string[], readonly string[]]>([
    [['ap'], ['apply']],
    [
      ['lab', 'st'],
      ['start', 'stop'],
    ],
    [['plan', '--ex'], ['--exit-code']],
    [
      ['plan', '-o', ''],
      ['text', 'json'],
    ],
    [['verify', '--fail-on', 'w'], ['warning']],
    [['verify', '--fail-on=w'], ['--fail-on=warning']],
    [
      ['lab', 'up', '--name', ''],
      ['demo', 'two'],
    ],
    [
      ['lab', 'cut', ''],
      ['demo/cp-1', 'w-1', 'two/cp-1'],
    ],
    [
      ['lab', 'ssh', 'demo/'],
      ['demo/cp-1', 'demo/w-1'],
    ],
    [['audit', '--explain', 'v'], ['version-skew']],
    [['apply', '--allow', 'sw'], ['swap-on']],
    [['reset', '--allow', 'un'], ['unreachable=']],
    [['artifacts', 'ensure', 'etcd', 'kube'], ['kubeadm']],
    [['artifacts', 'list', '--kubernetes', ''], ['1.36.3']],
    [['init', '--kubernetes-version=1'], ['--kubernetes-version=1.36.3']],
    [['completion', 'f'], ['fish']],
  ])('for %j %j', async (words, expected) => {
    expect(await proposed(...words)).toEqual(expect.arrayContaining([...expected]));
    expect((await proposed(...words)).filter((word) => !word.startsWith('--') || words.at(-1)?.startsWith('-'))).toEqual(expected);
  });

  it('every command, each with what it does', async () => {
    const { stdout } = await runOnBench(['__complete', '']);
    expect(stdout).toContain('plan\tshow what apply would do\n');
    expect(stdout).toContain('completion\t');
    expect(stdout).not.toContain('__complete');
  });

  it.each([
    ['where a file is named', ['plan', '-f', '']],
    ['behind --', ['lab', 'ssh', 'demo/cp-1', '--', 'l']],
    ['for a command that there is not', ['nothing', '']],
    ['for a flag that there is not', ['plan', '--nothing=x']],
  ])('nothing %s', async (_, words) => {
    expect(await proposed(...words)).toEqual([]);
  });

  it('nothing where what it would ask fails', async () => {
    expect(await runOnBench(['__complete', 'lab', 'cut', 'c'])).toMatchObject({ exitCode: 0, stdout: '', stderr: '' });
  });
});

it('completion knows three shells', async () => {
  for (const shell of ['bash', 'zsh', 'fish']) expect((await runOnBench(['completion', shell])).stdout).toContain(`# ${shell} completion for kubewright`);
  expect(await runOnBench(['completion', 'tcsh'])).toMatchObject({
    exitCode: 2,
    stdout: '',
    stderr: expect.stringContaining('SHELL "tcsh": not one of bash, zsh, fish') as string,
  });
});
