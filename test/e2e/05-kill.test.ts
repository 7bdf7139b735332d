import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { nodesOf } from '../lab-support/cluster-objects.ts';
import { etcdMembers } from '../lab-support/etcd.ts';
import { authorityOf, killApplyAt, runsKubeadm, timesAdded, timesStarted } from '../lab-support/kill-tool.ts';
import { kubewright } from '../lab-support/kubewright.ts';
import type { Ended } from '../lab-support/kubewright.ts';
import { isControlPlane, operatorOf, sharedCluster } from '../lab-support/shared-cluster.ts';
import { writeSharedClusterFile } from '../lab-support/shared-settings.ts';
import { SHARED_LAB, raiseLab } from '../lab-support/test-lab.ts';
import type { Machine } from '../lab-support/test-lab.ts';

/** Bar 5, one case: the tool dies while a control plane joins. The shared cluster grows by that node. `make soak` has the other moments. */
describe('the tool is killed while kubeadm join runs', () => {
  let clusterFile: string;
  let joining: Machine;
  let others: readonly Machine[];
  let authority: string;
  let isRunningAfterwards: boolean;
  let again: Ended;

  beforeAll(async () => {
    const cluster = sharedCluster();
    const machines = await raiseLab({ ...SHARED_LAB, controlPlanes: SHARED_LAB.controlPlanes + 1 });
    joining = machines.find(({ name }) => !cluster.machines.some((machine) => machine.name === name))!;
    others = cluster.machines.filter(isControlPlane);
    authority = await authorityOf(others[0]!);
    clusterFile = join(cluster.directory, 'cluster-with-one-more.yaml');
    await writeSharedClusterFile(clusterFile, machines);
    await killApplyAt(clusterFile, { look: () => runsKubeadm(joining, 'join') });
    isRunningAfterwards = await runsKubeadm(joining, 'join');
    again = await kubewright(['apply', '-f', clusterFile, '--yes', '-o', 'json']);
    console.log(`apply after the kill: ${again.seconds.toFixed(1)} s`);
  });

  it('the join goes on without it', () => expect(isRunningAfterwards).toBe(true));

  it('the next apply ends with 0', () => expect(again.exitCode, `${again.stderr}\n${again.stdout.slice(-2000)}`).toBe(0));

  it('kubeadm join ran once, and etcd was given the member once', async () => {
    expect(await timesStarted(joining, `${joining.name}/join`)).toBe(1);
    expect(await timesAdded(others[0]!, joining)).toBe(1);
    const members = await etcdMembers(others[0]!);
    expect(members.map(({ name, isLearner }) => ({ name, isLearner }))).toEqual([...others, joining].map(({ name }) => ({ name, isLearner: false })));
  });

  it('the cluster is the same, with one node more', async () => {
    expect(await authorityOf(joining)).toBe(authority);
    const nodes = await nodesOf(await operatorOf(sharedCluster()));
    expect(nodes.find(({ name }) => name === joining.name)).toEqual({ name: joining.name, isReady: true, isControlPlane: true, addresses: [joining.address] });
  });

  it('verify confirms it, and nothing is left to do', async () => {
    const verified = await kubewright(['verify', '-f', clusterFile]);
    expect(verified.exitCode, `${verified.stdout}\n${verified.stderr}`).toBe(0);
    expect((await kubewright(['plan', '-f', clusterFile, '--exit-code'])).exitCode).toBe(0);
  });
});
