import { pollUntil } from '../../src/util/poll.ts';
import { podsOf } from './cluster-objects.ts';
import { read } from './on-machine.ts';
import { operatorOf } from './shared-cluster.ts';
import type { SharedCluster } from './shared-cluster.ts';

/** A kubelet looks after what is left of deleted pods every 2 s. */
const DEADLINE_MS = 30_000;

/**
 * Waits until each kubelet has a directory for just the pods that the API has on its node: the kubelet removes that directory last, after the network and the
 * containers of a pod. What an earlier test deleted changes no file after this.
 */
export async function untilPodsSettled(cluster: SharedCluster): Promise<void> {
  const operator = await operatorOf(cluster);
  const unsettled = async (): Promise<readonly string[]> => {
    const pods = await podsOf(operator);
    const differing = cluster.machines.map(async (machine) => {
      const expected = pods.filter(({ node }) => node === machine.name).length;
      const found = Number(await read(machine, 'ls /var/lib/kubelet/pods | wc -l'));
      return found === expected ? [] : [`${machine.name} has ${found} directories of pods, the API has ${expected} pods there`];
    });
    return (await Promise.all(differing)).flat();
  };
  await pollUntil(async () => ((await unsettled()).length === 0 ? true : undefined), { what: 'kubelets to be done with deleted pods', deadlineMs: DEADLINE_MS });
}
