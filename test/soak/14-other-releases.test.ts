import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultVersion, releases } from '../../src/catalogue/catalogue.ts';
import type { ImageRole } from '../../src/catalogue/release.ts';
import { auditedFrom } from '../lab-support/audit.ts';
import { nodesOf } from '../lab-support/cluster-objects.ts';
import { etcdMembers, etcdctl } from '../lab-support/etcd.ts';
import { kubewright, mustKubewright } from '../lab-support/kubewright.ts';
import type { Ended } from '../lab-support/kubewright.ts';
import { cachedKubectl, kubectlJson } from '../lab-support/operator-kubectl.ts';
import type { OperatorKubectl } from '../lab-support/operator-kubectl.ts';
import { askEach } from '../lab-support/on-machine.ts';
import { scratchDirectory } from '../lab-support/scratch-directory.ts';
import { isControlPlane } from '../lab-support/shared-cluster.ts';
import { RELEASE_LAB, clearLab, raiseLab, writeClusterFile } from '../lab-support/test-lab.ts';
import type { Machine } from '../lab-support/test-lab.ts';

/** Whose images no pod of a cluster at rest shows: the sandbox's, and the probe's of verify. */
const UNSEEN: readonly ImageRole[] = ['pause', 'agnhost'];

interface PodImages {
  readonly items: readonly { readonly spec: { readonly containers: readonly { readonly image: string }[]; readonly initContainers?: readonly { readonly image: string }[] } }[];
}

/** Releases that `make test` has no time to build: what e2e shows of the default one, in short, of each. */
describe.each(releases.filter(({ kubernetes }) => kubernetes !== defaultVersion))('Kubernetes $kubernetes', ({ kubernetes, versions, images }) => {
  const directory = scratchDirectory();
  const clusterFile = join(directory, 'cluster.yaml');
  const kubeconfig = join(directory, 'kubeconfig');
  let machines: readonly Machine[] = [];
  let operator: OperatorKubectl;
  const run = (...words: readonly string[]): Promise<Ended> => kubewright([...words, '-f', clusterFile]);

  beforeAll(async () => {
    await clearLab(RELEASE_LAB);
    machines = await raiseLab(RELEASE_LAB);
    await writeClusterFile(RELEASE_LAB.name, clusterFile, {}, { kubernetes: { version: kubernetes } });
  });

  afterAll(() => clearLab(RELEASE_LAB));

  it('is deployed on bare machines, and verified', async () => {
    const applied = await run('apply', '--yes', '--source', 'go');
    expect(applied.exitCode, `${applied.stdout.slice(-3000)}\n${applied.stderr}`).toBe(0);
    const verified = await run('verify');
    expect(verified.exitCode, `${verified.stdout}\n${verified.stderr}`).toBe(0);
    console.log(`Kubernetes ${kubernetes}: apply ${applied.seconds.toFixed(1)} s, verify ${verified.seconds.toFixed(1)} s`);
    await mustKubewright(['kubeconfig', '-f', clusterFile, '--out', kubeconfig]);
    operator = { program: await cachedKubectl(), kubeconfig };
  });

  it('runs on every node, Ready under its own name and address', async () => {
    const { items } = await kubectlJson<{ readonly items: readonly { readonly status: { readonly nodeInfo: { readonly kubeletVersion: string } } }[] }>(operator, 'get', 'nodes');
    expect(items.map(({ status }) => status.nodeInfo.kubeletVersion)).toEqual(machines.map(() => `v${kubernetes}`));
    const nodes = await nodesOf(operator);
    expect(nodes.map(({ name, addresses, isReady }) => ({ name, addresses, isReady }))).toEqual(
      machines.map(({ name, address }) => ({ name, addresses: [address], isReady: true })),
    );
  });

  it('runs the images that the catalogue names, and no other', async () => {
    const { items } = await kubectlJson<PodImages>(operator, 'get', 'pods', '--all-namespaces');
    const running = new Set(items.flatMap(({ spec }) => [...spec.containers, ...(spec.initContainers ?? [])].map(({ image }) => image)));
    const named = (Object.keys(images) as readonly ImageRole[]).filter((role) => !UNSEEN.includes(role)).map((role) => images[role] as string);
    expect([...running].sort()).toEqual(named.sort());
  });

  it('has one voting member of etcd for each control plane, of the version that the catalogue names', async () => {
    const controlPlanes = machines.filter(isControlPlane);
    const members = await etcdMembers(controlPlanes[0]!);
    expect(members.map(({ name, isLearner }) => ({ name, isLearner }))).toEqual(controlPlanes.map(({ name }) => ({ name, isLearner: false })));
    const statuses = await askEach(controlPlanes, (machine) => etcdctl(machine, 'endpoint status -w json'));
    for (const [name, status] of statuses) expect(status, name).toContain(`"version":"${versions.etcd}"`);
  });

  it('leaves a second apply nothing to do', async () => {
    const { exitCode, stdout, stderr } = await run('apply', '--yes', '--source', 'go', '-o', 'json');
    expect(exitCode, stderr).toBe(0);
    expect(JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '')).toMatchObject({ type: 'run.finished', result: 'succeeded', stepsRun: 0 });
  });

  it('leaves an audit nothing to find', async () => {
    const { exitCode, report } = await auditedFrom(machines.find(isControlPlane)!);
    expect({ exitCode, ...report }).toMatchObject({ exitCode: 0, ok: true, findings: [], unknown: [] });
  });
});
