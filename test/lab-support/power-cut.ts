import { performance } from 'node:perf_hooks';
import { pollUntil } from '../../src/util/poll.ts';
import { getNodes, operatorTry } from './attempts.ts';
import { nodesOf, podsOf } from './cluster-objects.ts';
import { mustKubewright } from './kubewright.ts';
import type { OperatorKubectl } from './operator-kubectl.ts';
import { resolveFromPod } from './probe-pods.ts';
import type { Sample, Sampling } from './samples.ts';
import { sample } from './samples.ts';
import type { Machine } from './test-lab.ts';

/**
 * Until then a dead node's pods may be asked: another controller manager takes over within 17 s if the leader died with the node, counts 30 s anew (node-monitor-grace-period, looked
 * at every 5 s), and every kube-proxy follows.
 */
export const SETTLED_AFTER_MS = 60_000;
const WELL_AGAIN_DEADLINE_MS = 240_000;
const QUERY_EVERY_MS = 1500;
const NAME_EVERY_MS = 750;

/** What was tried while a control plane had no power, by what was asked from where. */
export type Outage = ReadonlyMap<string, readonly Sample[]>;

export interface OutageWorld {
  readonly machines: readonly Machine[];
  readonly victim: Machine;
  /** Whose kubeconfig names a control plane that stays. */
  readonly operator: OperatorKubectl;
  /** Addresses of probe pods by node. */
  readonly pods: ReadonlyMap<string, string>;
  readonly watchedMs: number;
}

/** Tries, for as long as is asked, what must go on without a machine that has just lost its power. */
export async function watchOutage({ machines, victim, operator, pods, watchedMs }: OutageWorld): Promise<Outage> {
  const sampling: Sampling = { since: performance.now(), forMs: watchedMs, everyMs: QUERY_EVERY_MS };
  const others = machines.filter(({ name }) => name !== victim.name);
  const tries = [
    ...others.map((machine) => [`nodes, from ${machine.name}`, sample(sampling, () => getNodes(machine))] as const),
    ['nodes, from the operator', sample(sampling, () => operatorTry(operator, 'get', 'nodes'))] as const,
    ['top nodes, from the operator', sample(sampling, () => operatorTry(operator, 'top', 'nodes'))] as const,
    ...others.map(
      (machine) => [`a name, from a pod on ${machine.name}`, sample({ ...sampling, everyMs: NAME_EVERY_MS }, () => resolveFromPod(machine, pods.get(machine.name) ?? ''))] as const,
    ),
  ];
  return new Map(await Promise.all(tries.map(async ([what, samples]) => [what, await samples] as const)));
}

/** Gives the machine its power again and waits until every node and every pod is as before; gives the seconds it took from the start command on. */
export async function startAndAwait({ lab, name }: Machine, operator: OperatorKubectl): Promise<number> {
  const began = performance.now();
  await mustKubewright(['lab', 'start', '--name', lab, name]);
  let missing: readonly string[] = [];
  const isWell = async (): Promise<true | undefined> => {
    const nodes = (await nodesOf(operator)).filter(({ isReady }) => !isReady).map((node) => node.name);
    const pods = (await podsOf(operator)).filter(({ isReady }) => !isReady).map((pod) => pod.name);
    missing = [...nodes, ...pods];
    return missing.length === 0 ? true : undefined;
  };
  await pollUntil(isWell, { what: 'every node and pod to be ready again', deadlineMs: WELL_AGAIN_DEADLINE_MS, everyMs: 1000, why: () => missing });
  return (performance.now() - began) / 1000;
}

/** Waits until the cluster holds the node of a machine without power for not ready. */
export async function awaitLoss({ name }: Machine, operator: OperatorKubectl): Promise<void> {
  const isLost = async (): Promise<true | undefined> => ((await nodesOf(operator)).some((node) => node.name === name && !node.isReady) ? true : undefined);
  await pollUntil(isLost, { what: `node ${name} to be lost`, deadlineMs: SETTLED_AFTER_MS, everyMs: 1000 });
}
