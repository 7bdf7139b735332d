import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { everythingOf } from '../lab-support/attempts.ts';
import { auditedFrom } from '../lab-support/audit.ts';
import type { Audited } from '../lab-support/audit.ts';
import { etcdMembers } from '../lab-support/etcd.ts';
import { apiEndpoints } from '../lab-support/kubeadm/story.ts';
import { failuresOf, nameInPods, removeWatched } from '../lab-support/kubeadm/story-tests.ts';
import { machineOfInit } from '../lab-support/node-of-init.ts';
import { offerName, startProbePods } from '../lab-support/probe-pods.ts';
import { allGood } from '../lab-support/samples.ts';
import type { Sample } from '../lab-support/samples.ts';
import { endSharedCluster, isControlPlane, operatorOf, sharedCluster } from '../lab-support/shared-cluster.ts';
import type { OperatorKubectl } from '../lab-support/operator-kubectl.ts';
import { SHARED_LAB, machinesOf } from '../lab-support/test-lab.ts';
import type { Machine } from '../lab-support/test-lab.ts';

const WELL_WITHIN_MS = 120_000;
const AFTERWARDS = 'made-afterwards';

/** The story on a cluster of ours (docs/story.md): the node on which init ran is removed with kubectl, etcdctl and kubeadm, and nobody notices. The last that the shared cluster is used for. */
describe("init's own control plane is removed from a cluster of ours", () => {
  let first: Machine;
  let witness: Machine;
  let others: readonly Machine[];
  let operator: OperatorKubectl;
  let pods: ReadonlyMap<string, string>;
  let seen: Audited;
  let samples: ReadonlyMap<string, readonly Sample[]>;

  beforeAll(async () => {
    const cluster = sharedCluster();
    const machines = await machinesOf(SHARED_LAB.name);
    first = await machineOfInit(machines.filter(isControlPlane));
    others = machines.filter(({ name }) => name !== first.name);
    witness = others.find(isControlPlane)!;
    operator = { ...(await operatorOf(cluster)), server: `https://${witness.address}:6443` };
    pods = await startProbePods(operator);
    await allGood(everythingOf({ machines: others, operator, pods }), WELL_WITHIN_MS);
    samples = await removeWatched({ first, witness, operator }, { machines: others, operator, pods }, async () => {
      await offerName(operator, AFTERWARDS);
      seen = await auditedFrom(witness);
    });
  });

  afterAll(async () => endSharedCluster());

  it('kubectl on every node, the API by its service, names and metrics go on', () => {
    expect(failuresOf(samples)).toEqual([]);
  });

  it('pods resolve the name of a new service', async () => {
    await expect(allGood(nameInPods({ machines: others, operator, pods }, AFTERWARDS), WELL_WITHIN_MS)).resolves.toBeUndefined();
  });

  it('etcd and the service kubernetes have the others', async () => {
    const left = others.filter(isControlPlane);
    expect((await etcdMembers(witness)).map(({ name }) => name)).toEqual(left.map(({ name }) => name).toSorted());
    expect(await apiEndpoints(operator)).toEqual(left.map(({ address }) => address).toSorted());
  });

  it('the audit finds no value of the node that is gone in what all share', () => {
    expect(seen.report.findings.filter(({ code }) => /^shared-|-of-one-node$|^kubernetes-endpoints/.test(code))).toEqual([]);
  });
});
