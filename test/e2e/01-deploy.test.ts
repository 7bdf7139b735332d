import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readIndex } from '../../src/artifacts/bundle-index.ts';
import { artifactLockSchema } from '../../src/contract/artifact-lock.ts';
import { pollUntil } from '../../src/util/poll.ts';
import { kubewright } from '../lab-support/kubewright.ts';
import { read } from '../lab-support/on-machine.ts';
import { etcdMembers } from '../lab-support/etcd.ts';
import { nodesOf, podsOf } from '../lab-support/cluster-objects.ts';
import { BY_SUDO } from '../lab-support/shared-settings.ts';
import { SUDO_USER } from '../lab-support/sudo-users.ts';
import { deployedCluster, isControlPlane, operatorOf, sharedCluster, sharedFile } from '../lab-support/shared-cluster.ts';

/** A kubelet asks a static pod that has just started 10 s later, and again. */
const READY_DEADLINE_MS = 30_000;

/** Bar 1: from bare machines to a cluster that is well, in one command. */
describe('apply on bare machines', () => {
  beforeAll(() => {
    const { applySeconds, labSeconds, roundTrips } = deployedCluster();
    console.log(`machines after ${labSeconds.toFixed(1)} s, cluster after ${applySeconds.toFixed(1)} s more; remote commands: ${JSON.stringify(roundTrips)}`);
  });

  it('ends with 0', () => {
    const cluster = deployedCluster();
    const last = sharedFile(cluster, 'events').trimEnd().split('\n').at(-1) ?? '';
    expect({ exitCode: cluster.applyExitCode, last }, sharedFile(cluster, 'errors')).toMatchObject({ exitCode: 0, last: expect.stringContaining('"result":"succeeded"') });
  });

  it('makes every machine a Ready node under its own name and address', async () => {
    const cluster = sharedCluster();
    const nodes = await nodesOf(await operatorOf(cluster));
    const expected = cluster.machines.map(({ name, address, role }) => ({ name, addresses: [address], isReady: true, isControlPlane: role === 'control-plane' }));
    expect(nodes.map(({ name, addresses, isReady, isControlPlane: isMember }) => ({ name, addresses, isReady, isControlPlane: isMember }))).toEqual(expected);
  });

  it('leaves every pod running, and ready as soon as its kubelet has asked it', async () => {
    const operator = await operatorOf(sharedCluster());
    const pods = await podsOf(operator);
    expect(pods.filter(({ phase }) => phase !== 'Running')).toEqual([]);
    expect(pods.length).toBeGreaterThanOrEqual(20);
    const unready = async () => (await podsOf(operator)).filter(({ isReady }) => !isReady).map(({ name }) => name);
    await pollUntil(async () => ((await unready()).length === 0 ? true : undefined), { what: 'every pod to be ready', deadlineMs: READY_DEADLINE_MS });
  });

  it('took one machine as a user who becomes root with sudo', async () => {
    const machine = sharedCluster().machines.find(({ name }) => name === BY_SUDO)!;
    const commands = await read(machine, `journalctl --quiet --no-pager _COMM=sudo | grep -c '${SUDO_USER} : .*USER=root.*COMMAND=' || :`);
    expect(Number(commands)).toBeGreaterThan(0);
  });

  it('starts the pod network once on every node: it waits for no rule of kube-proxy', async () => {
    const pods = await podsOf(await operatorOf(sharedCluster()), 'kube-flannel');
    expect(pods.map(({ node, restarts }) => ({ node, restarts })).toSorted((a, b) => (a.node < b.node ? -1 : 1))).toEqual(
      sharedCluster()
        .machines.map(({ name }) => ({ node: name, restarts: 0 }))
        .toSorted((a, b) => (a.node < b.node ? -1 : 1)),
    );
  });

  it.each(['coredns', 'metrics-server'])('runs two replicas of %s on different nodes', async (name) => {
    const pods = (await podsOf(await operatorOf(sharedCluster()))).filter((pod) => pod.name.startsWith(`${name}-`));
    expect(new Set(pods.map(({ node }) => node)).size).toBe(2);
  });

  it('makes etcd of one voting member for each control plane, named as the node', async () => {
    const { machines } = sharedCluster();
    const controlPlanes = machines.filter(isControlPlane);
    const members = await etcdMembers(controlPlanes[0]!);
    const expected = controlPlanes.map(({ name, address }) => ({ name, peerURLs: [`https://${address}:2380`], isLearner: false }));
    expect(members.map(({ name, peerURLs, isLearner }) => ({ name, peerURLs, isLearner }))).toEqual(expected);
  });

  it('is made from a bundle, whose bytes are written down beside the cluster file', async () => {
    const { clusterFile, directory } = sharedCluster();
    const lock = artifactLockSchema.parse(JSON.parse(await readFile(clusterFile.replace(/yaml$/, 'lock'), 'utf8')));
    const { artifacts } = await readIndex(join(directory, 'bundle'));
    const locked = lock.artifacts.map(({ name, sha256 }) => `${name} ${sha256}`);
    expect(locked).toEqual(artifacts.filter(({ name }) => name !== 'host-packages').map(({ name, sha256 }) => `${name} ${sha256}`));
  });

  it('leaves no bootstrap token', async () => {
    const [machine] = sharedCluster().machines.filter(isControlPlane);
    expect(await read(machine!, 'kubeadm --kubeconfig /etc/kubernetes/admin.conf token list')).toBe('');
  });

  it('is confirmed by verify', async () => {
    const { exitCode, stdout, stderr } = await kubewright(['verify', '-f', sharedCluster().clusterFile]);
    expect(exitCode, `${stdout}\n${stderr}`).toBe(0);
  });
});
