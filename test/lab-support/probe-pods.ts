import { writeFileSync } from 'node:fs';
import { defaultVersion, release } from '../../src/catalogue/catalogue.ts';
import { podsOf } from './cluster-objects.ts';
import { ask } from './on-machine.ts';
import { kubectl } from './operator-kubectl.ts';
import type { OperatorKubectl } from './operator-kubectl.ts';
import type { Machine } from './test-lab.ts';

const NAMESPACE = 'kubewright-test';
const NAME = 'echo';
const PORT = 8080;
const LABELS = { app: NAME };
const ANSWER_SECONDS = 5;

/** Leads each pod to the one of its own node: what is left to fail is the name. */
const serviceNamed = (name: string): object => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: NAMESPACE },
  spec: { selector: LABELS, internalTrafficPolicy: 'Local', ports: [{ port: 80, targetPort: PORT }] },
});

/** A pod on every node that dials what it is told to, and a service. */
function manifest(image: string): string {
  const spec = {
    tolerations: [{ operator: 'Exists' }],
    terminationGracePeriodSeconds: 0,
    containers: [{ name: NAME, image, args: ['netexec', `--http-port=${PORT}`, '--udp-port=-1'], readinessProbe: { tcpSocket: { port: PORT }, periodSeconds: 1 } }],
  };
  const items = [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } },
    {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: { name: NAME, namespace: NAMESPACE },
      spec: { selector: { matchLabels: LABELS }, template: { metadata: { labels: LABELS }, spec } },
    },
    serviceNamed(NAME),
  ];
  return JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
}

/** Starts the pods; gives their addresses by node. */
export async function startProbePods(operator: OperatorKubectl): Promise<ReadonlyMap<string, string>> {
  const image = release(defaultVersion).images.agnhost;
  const file = `${operator.kubeconfig}.probe.json`;
  writeFileSync(file, manifest(image));
  await kubectl(operator, 'apply', '--filename', file);
  await kubectl(operator, '--namespace', NAMESPACE, 'rollout', 'status', `daemonset/${NAME}`, '--timeout=120s');
  return new Map((await podsOf(operator, NAMESPACE)).map(({ node, address }) => [node, address]));
}

export async function removeProbePods(operator: OperatorKubectl): Promise<void> {
  await kubectl(operator, 'delete', 'namespace', NAMESPACE, '--ignore-not-found');
}

/** Makes a service that nobody has asked for yet: its name is known to a CoreDNS, and its address to a kube-proxy, that still hear from the API. */
export async function offerName(operator: OperatorKubectl, name: string): Promise<void> {
  const file = `${operator.kubeconfig}.${name}.json`;
  writeFileSync(file, JSON.stringify(serviceNamed(name)));
  await kubectl(operator, 'create', '--filename', file);
}

/** Lets the pod of a machine resolve a service's name by its own resolver and talk to it. */
export async function resolveFromPod(machine: Machine, podAddress: string, name = NAME): Promise<{ readonly isGood: boolean; readonly detail: string }> {
  const query = `host=${name}.${NAMESPACE}.svc.cluster.local&port=80&request=hostname`;
  const { stdout, stderr } = await ask(machine, `curl -sS --noproxy '*' --max-time ${ANSWER_SECONDS} 'http://${podAddress}:${PORT}/dial?${query}'`);
  return { isGood: /"responses":\["echo-/.test(stdout), detail: `${stdout} ${stderr}`.trim() };
}
