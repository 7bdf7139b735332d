import { kubectl } from '../operator-kubectl.ts';
import { addressOf, createObject } from './corruption.ts';
import type { Corruption, Undo, World } from './corruption.ts';

const SYSTEM = ['--namespace', 'kube-system'] as const;
const TOKEN = 'bootstrap-token-abcdef';

async function createToken({ operator }: World): Promise<Undo> {
  const stringData = { 'token-id': 'abcdef', 'token-secret': '0123456789abcdef', 'usage-bootstrap-authentication': 'true' };
  await createObject(operator, { apiVersion: 'v1', kind: 'Secret', type: 'bootstrap.kubernetes.io/token', metadata: { name: TOKEN, namespace: 'kube-system' }, stringData });
  return async () => void (await kubectl(operator, 'delete', 'secret', TOKEN, ...SYSTEM));
}

/** Addresses that somebody wrote down for monitoring, without those of one control plane. */
async function createEndpoints(world: World): Promise<Undo> {
  const { operator } = world;
  const endpoints = ['cp-1', 'cp-2'].map((name) => ({ addresses: [addressOf(world, name)] }));
  const metadata = { name: 'etcd-metrics', namespace: 'kube-system', labels: { 'kubernetes.io/service-name': 'etcd-metrics' } };
  await createObject(operator, { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', metadata, addressType: 'IPv4', ports: [{ name: 'metrics', port: 2381 }], endpoints });
  return async () => void (await kubectl(operator, 'delete', 'endpointslice', metadata.name, ...SYSTEM));
}

async function scaleCoreDns({ operator }: World): Promise<Undo> {
  const scale = async (replicas: number): Promise<void> => {
    await kubectl(operator, ...SYSTEM, 'scale', 'deployment', 'coredns', `--replicas=${replicas}`);
    await kubectl(operator, ...SYSTEM, 'rollout', 'status', 'deployment', 'coredns', '--timeout=120s');
  };
  await scale(1);
  return async () => scale(2);
}

/** L32, after the fact: a variable in the workload that runs on every node. */
async function setProxy({ operator }: World): Promise<Undo> {
  const set = async (word: string): Promise<void> => {
    await kubectl(operator, ...SYSTEM, 'set', 'env', 'daemonset/kube-proxy', word);
    await kubectl(operator, ...SYSTEM, 'rollout', 'status', 'daemonset/kube-proxy', '--timeout=180s');
  };
  await set('HTTPS_PROXY=http://127.0.0.1:3128');
  return async () => set('HTTPS_PROXY-');
}

const ROLE = 'node-role.kubernetes.io/control-plane';

async function takeLabel({ operator }: World): Promise<Undo> {
  await kubectl(operator, 'label', 'node', 'cp-3', `${ROLE}-`);
  return async () => void (await kubectl(operator, 'label', 'node', 'cp-3', `${ROLE}=`));
}

/** Objects of the cluster that are not as they should be. */
export const objectCorruptions: readonly Corruption[] = [
  { wrong: 'a token without an end', code: 'token-endless', spoil: createToken },
  { wrong: 'endpoints for metrics of two of three', code: 'manual-endpoints-stale', spoil: createEndpoints },
  { wrong: 'one replica of CoreDNS', code: 'coredns-on-one-node', spoil: scaleCoreDns },
  { wrong: "a shell's proxy in the DaemonSet", code: 'proxy-environment', spoil: setProxy },
  { wrong: 'a control plane without its label', code: 'half-joined-node', spoil: takeLabel },
];
