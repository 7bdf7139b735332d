import { describe, expect, it } from 'vitest';
import type { LabContext, MachineChoice } from '../app/lab.ts';
import { artifactListJson } from '../contract/artifact-list.ts';
import { artifactPruneJson } from '../contract/artifact-prune.ts';
import type { LabListJson } from '../contract/lab-list.ts';
import { labListJson } from '../contract/lab-list.ts';
import { planSchema } from '../contract/plan.ts';
import type { ReportJson, Severity } from '../contract/report.ts';
import { reportJson } from '../contract/report.ts';
import { AppError } from '../errors/app-error.ts';
import { runOnBench } from './testing/cli-bench.ts';
import { plannedWorld } from './testing/planned-cluster.ts';
import type { Verbs } from './verbs.ts';

describe('plan', () => {
  it('shows the plan, and gives it as it is', async () => {
    const { verbs, calls } = plannedWorld();
    expect((await runOnBench(['plan'], { verbs })).stdout).toContain('1. prepare the machine');
    expect(planSchema.parse(JSON.parse((await runOnBench(['plan', '-o', 'json'], { verbs })).stdout)).steps).toHaveLength(2);
    expect(calls.slice(0, 4)).toEqual(['read default', 'open', 'plan', 'close']);
  });

  it.each([
    ['plan', {}, 0],
    ['plan --exit-code', {}, 7],
    ['plan --exit-code', { steps: [] }, 0],
    ['plan --exit-code', { refused: [{ id: 'w-1/join', why: 'w-1 was not reached' }] }, 4],
  ])('%s of %j exits with %d', async (line, world, exitCode) => {
    expect((await runOnBench(line.split(' '), { verbs: plannedWorld(world).verbs })).exitCode).toBe(exitCode);
  });
});

describe('verify', () => {
  const finding = (severity: Severity) => ({ code: 'x', severity, title: 't', evidence: [], why: 'w', fix: 'f' });
  const reporting = (report: ReportJson): Partial<Verbs> => ({ ...plannedWorld().verbs, verify: async () => ({ verifyCluster: async () => report }) });

  it.each([
    ['verify', reportJson([], []), 0],
    ['verify', reportJson([finding('warning')], []), 0],
    ['verify', reportJson([finding('error')], []), 7],
    ['verify --fail-on warning', reportJson([finding('warning')], []), 7],
    ['verify --fail-on warning', reportJson([finding('notice')], []), 0],
    ['verify --fail-on notice', reportJson([finding('notice')], []), 7],
    ['verify', reportJson([finding('error')], [{ what: 'members', why: 'no answer' }]), 4],
  ])('%s of %j exits with %d', async (line, report, exitCode) => {
    const run = await runOnBench([...line.split(' '), '-o', 'json'], { verbs: reporting(report) });
    expect(run.exitCode).toBe(exitCode);
    expect(JSON.parse(run.stdout)).toEqual(report);
  });
});

describe('artifacts', () => {
  const list = artifactListJson([
    { name: 'kubeadm', version: '1.36.3', state: 'ready', sha256: '0123456789abcdef', sizeBytes: 73_300_000, path: '/cache/kubeadm' },
    { name: 'etcd', version: '3.6.8', state: 'missing' },
  ]);
  const survey = { json: list, problems: [new AppError('artifact-failed', 'artifact etcd is damaged', { hint: 'remove it' })], isWanting: true };
  const verbs: Partial<Verbs> = {
    artifacts: async () => ({
      bundleArtifacts: async () => Promise.reject(new Error('not asked for')),
      findUnusedArtifacts: async () => [],
      removeUnusedArtifacts: async () => artifactPruneJson([]),
      artifactNames: () => ['kubeadm'],
      kubernetesVersions: () => ['1.36.3'],
      obtainArtifacts: async () => list,
      surveyArtifacts: async () => survey,
      examineArtifacts: async () => survey,
    }),
  };

  it('are listed with what is wrong', async () => {
    const { exitCode, stdout, stderr } = await runOnBench(['artifacts', 'list'], { verbs });
    expect(exitCode).toBe(0);
    expect(stdout).toMatchInlineSnapshot(`
      "NAME     VERSION  STATE    SIZE     SHA256
      kubeadm  1.36.3   ready    73.3 MB  0123456789ab
      etcd     3.6.8    missing
      "
    `);
    expect(stderr).toBe('artifact etcd is damaged\nnext: remove it\n');
  });

  it('that are wanting make verify fail', async () => {
    expect((await runOnBench(['artifacts', 'verify', 'etcd'], { verbs })).exitCode).toBe(7);
    expect((await runOnBench(['artifacts', 'ensure'], { verbs })).exitCode).toBe(0);
  });
});

describe('lab', () => {
  const machine = { lab: 'demo', name: 'cp-1', address: '10.88.0.11', pid: 77, state: 'running' } as const;
  const one = labListJson([machine]);

  /** A lab that notes what it was asked for. */
  function labThatNotes(): { readonly asked: unknown[]; readonly verbs: Partial<Verbs> } {
    const asked: unknown[] = [];
    const noting = async (request: unknown, context?: LabContext): Promise<LabListJson> => {
      asked.push(request);
      context?.onProgress('cp-1: starting');
      return one;
    };
    const lab: Awaited<ReturnType<Verbs['lab']>> = {
      upLab: noting,
      downLab: noting,
      listLabs: noting,
      clusterFileOfLab: async (name) => `metadata: { name: ${name} }\n`,
      sshToMachine: async (choice: MachineChoice, argv) => {
        asked.push({ ...choice, argv });
        return 7;
      },
      startMachine: noting,
      stopMachine: noting,
      cutMachine: noting,
      partitionMachine: noting,
      healMachine: noting,
      saveLab: noting,
      restoreLab: noting,
    };
    return { asked, verbs: { lab: async () => lab } };
  }

  it.each([
    ['up', { name: 'demo', controlPlanes: 3, workers: 1, subnet: undefined }],
    ['up --name two --control-planes 1 --workers 0 --subnet 10.88.9.0/24', { name: 'two', controlPlanes: 1, workers: 0, subnet: '10.88.9.0/24' }],
    ['down', 'demo'],
    ['list', undefined],
    ['list --name two', 'two'],
    ['start cp-1', { machine: 'cp-1', lab: undefined }],
    ['stop --name two cp-1', { machine: 'cp-1', lab: 'two' }],
    ['cut two/cp-1', { machine: 'two/cp-1', lab: undefined }],
    ['partition --name two w-1', { machine: 'w-1', lab: 'two' }],
    ['heal w-1', { machine: 'w-1', lab: undefined }],
    ['save --name two', 'two'],
    ['restore', 'demo'],
    ['ssh cp-1', { machine: 'cp-1', lab: undefined, argv: [] }],
    ['ssh --name two cp-1 -- ls -la --help -- x', { machine: 'cp-1', lab: 'two', argv: ['ls', '-la', '--help', '--', 'x'] }],
  ])('%s', async (line, request) => {
    const { asked, verbs } = labThatNotes();
    const { stderr } = await runOnBench(['lab', ...line.split(' ')], { verbs });
    expect(stderr).not.toContain('error');
    expect(asked).toEqual([request]);
  });

  it('gives the exit code of a command on a machine', async () => {
    expect((await runOnBench(['lab', 'ssh', 'cp-1', '--', 'false'], { verbs: labThatNotes().verbs })).exitCode).toBe(7);
  });

  it('shows its machines, and says on stderr what goes on', async () => {
    const { stdout, stderr } = await runOnBench(['lab', 'up'], { verbs: labThatNotes().verbs });
    expect(stdout).toMatchInlineSnapshot(`
      "LAB   NAME  ADDRESS     STATE    PID
      demo  cp-1  10.88.0.11  running  77
      "
    `);
    expect(stderr).toBe('cp-1: starting\nnext: kubewright lab cluster-file --name demo > cluster.yaml\n');
    expect(JSON.parse((await runOnBench(['lab', 'list', '-o', 'json'], { verbs: labThatNotes().verbs })).stdout)).toEqual(one);
  });

  it('prints a cluster file alone', async () => {
    expect(await runOnBench(['lab', 'cluster-file', '--name', 'two'], { verbs: labThatNotes().verbs })).toMatchObject({ stdout: 'metadata: { name: two }\n', stderr: '' });
  });
});
