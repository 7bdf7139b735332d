import { ask } from './on-machine.ts';
import { tryKubectl } from './operator-kubectl.ts';
import type { OperatorKubectl } from './operator-kubectl.ts';
import { resolveFromPod } from './probe-pods.ts';
import type { Attempt } from './samples.ts';
import type { Machine } from './test-lab.ts';

/** The API's address in the cluster, the first of the service range. */
const API_SERVICE = 'https://10.96.0.1';
const ANSWER_SECONDS = 5;

type Tried = Awaited<ReturnType<Attempt>>;

/** With the machine's own kubeconfig. A worker's is its kubelet's, which may see its own node alone (Node authorizer, Kubernetes 1.34). */
export async function getNodes(machine: Machine): Promise<Tried> {
  const words = machine.role === 'control-plane' ? '--kubeconfig /etc/kubernetes/admin.conf get nodes' : `--kubeconfig /etc/kubernetes/kubelet.conf get node ${machine.name}`;
  const { exitCode, stderr } = await ask(machine, `kubectl ${words}`);
  return { isGood: exitCode === 0, detail: stderr.trim() };
}

/** kubectl at the operator's machine. */
export async function operatorTry(operator: OperatorKubectl, ...words: readonly string[]): Promise<Tried> {
  const { exitCode, stderr } = await tryKubectl(operator, ...words);
  return { isGood: exitCode === 0, detail: stderr.trim() };
}

/** The API through the service `kubernetes`, as pods reach it: kube-proxy chooses an endpoint for each connection. */
export async function askApiService(machine: Machine): Promise<Tried> {
  const { exitCode, stdout, stderr } = await ask(machine, `curl -ksS --noproxy '*' --max-time ${ANSWER_SECONDS} ${API_SERVICE}/readyz`);
  return { isGood: exitCode === 0 && stdout === 'ok', detail: `${stdout} ${stderr}`.trim() };
}

/** One API server by its own address, from another machine. */
export async function askApiServer(from: Machine, { address }: Machine): Promise<Tried> {
  const { exitCode, stdout, stderr } = await ask(from, `curl -ksS --noproxy '*' --max-time ${ANSWER_SECONDS} https://${address}:6443/readyz`);
  return { isGood: exitCode === 0 && stdout === 'ok', detail: `${stdout} ${stderr}`.trim() };
}

export interface Remaining {
  readonly machines: readonly Machine[];
  /** Asks a control plane that stays. */
  readonly operator: OperatorKubectl;
  /** Addresses of probe pods by node. */
  readonly pods: ReadonlyMap<string, string>;
}

/** What must go on in a cluster while something is done to it: on every machine that stays kubectl, the API's service and names in pods; metrics. */
export function everythingOf({ machines, operator, pods }: Remaining): Readonly<Record<string, Attempt>> {
  const onEach = (what: string, attempt: (machine: Machine) => Promise<Tried>): readonly (readonly [string, Attempt])[] =>
    machines.map((machine) => [`${what}, ${machine.name}`, () => attempt(machine)]);
  return Object.fromEntries([
    ...onEach('kubectl get nodes', getNodes),
    ...onEach('the API by its service', askApiService),
    ...onEach('a name in a pod', (machine) => resolveFromPod(machine, pods.get(machine.name) ?? '')),
    ['kubectl top nodes', () => operatorTry(operator, 'top', 'nodes')],
  ]);
}
