import { everythingOf, operatorTry } from '../attempts.ts';
import type { Remaining } from '../attempts.ts';
import { kubectlJson } from '../operator-kubectl.ts';
import type { OperatorKubectl } from '../operator-kubectl.ts';
import { startProbePods } from '../probe-pods.ts';
import { argumentsOf } from '../process-starts.ts';
import { allGood } from '../samples.ts';
import type { Machine } from '../test-lab.ts';
import type { Flaw } from './init-and-join.ts';
import { buildKubeadmCluster, operatorBy } from './kubeadm-cluster.ts';
import type { KubeadmCluster } from './kubeadm-cluster.ts';
import { STORY_LAB, raiseInstalledLab, restoreLab, saveLab } from './story-lab.ts';

const WELL_WITHIN_MS = 240_000;

/** A cluster of the story with the parts its machines play. */
export interface Story {
  readonly cluster: KubeadmCluster;
  /** On which init ran, and which will be removed. */
  readonly first: Machine;
  /** A control plane that stays. */
  readonly witness: Machine;
  readonly controlPlanes: readonly Machine[];
  readonly worker: Machine;
  /** All but the first. */
  readonly others: readonly Machine[];
  /** Asks the witness. */
  readonly operator: OperatorKubectl;
}

/** Builds a cluster with kubeadm alone and keeps it as it is: each telling begins there. */
export async function beginStory(flaw: Flaw, directory: string): Promise<Story> {
  const machines = await raiseInstalledLab();
  const cluster = await buildKubeadmCluster({ machines, flaw, directory });
  await saveLab(STORY_LAB);
  const controlPlanes = machines.filter(({ role }) => role === 'control-plane');
  const first = controlPlanes[0]!;
  const witness = controlPlanes[1]!;
  const worker = machines.find(({ role }) => role === 'worker')!;
  return { cluster, first, witness, controlPlanes, worker, others: machines.filter(({ name }) => name !== first.name), operator: await operatorBy(cluster, witness) };
}

/** Back to the beginning. */
export async function tellAgain(): Promise<void> {
  await restoreLab(STORY_LAB);
}

/** Waits until all that shall go on goes on, on the machines named; gives the world in which it is tried. */
export async function awaitWell({ operator }: Story, machines: readonly Machine[]): Promise<Remaining> {
  await allGood({ 'kubectl get nodes': async () => operatorTry(operator, 'get', 'nodes') }, WELL_WITHIN_MS);
  const pods = await startProbePods(operator);
  const remaining: Remaining = { machines, operator, pods };
  await allGood(everythingOf(remaining), WELL_WITHIN_MS);
  return remaining;
}

/** Addresses to which the service `kubernetes` leads. */
export async function apiEndpoints(operator: OperatorKubectl): Promise<readonly string[]> {
  const { items } = await kubectlJson<{ readonly items: readonly { readonly endpoints: readonly { readonly addresses: readonly string[] }[] | null }[] }>(
    operator,
    ...['get', 'endpointslices', '--namespace', 'default', '--selector', 'kubernetes.io/service-name=kubernetes'],
  );
  return items.flatMap(({ endpoints }) => (endpoints ?? []).flatMap(({ addresses }) => addresses)).toSorted();
}

/** The address that the API server of a machine advertises, by its process. */
export async function advertised(machine: Machine): Promise<string | undefined> {
  const [args = []] = await argumentsOf(machine, 'kube-apiserver');
  return args.findLast((word) => word.startsWith('--advertise-address='))?.split('=')[1];
}
