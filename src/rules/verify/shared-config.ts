import { parse } from 'yaml';
import type { Verdict } from '../rule.ts';
import { complainOf, defineRule, judgeSeen } from '../rule.ts';
import type { ExpectedCluster } from './expected-cluster.ts';
import { addressesIn, hostNamesIn } from './tokens.ts';
import type { VerifyInput, VerifyRule } from './verify-input.ts';

/** The ConfigMaps from which every node takes its settings. */
const SHARED = ['kube-system/kubeadm-config', 'kube-system/kubelet-config', 'kube-system/kube-proxy', 'kube-public/cluster-info'];

/** Values of kubeadm itself that a node might be called like. */
const OWN_WORDS: ReadonlySet<string> = new Set(['default', 'systemd', 'iptables', 'nftables', 'kubernetes', 'registry.k8s.io']);

/** Certificates and signatures: their base64 holds every short word by chance. */
const ENCODED = /-data$|^jws-/;

interface Leaf {
  readonly path: string;
  readonly value: string;
}

function leavesOf(value: unknown, path: string): readonly Leaf[] {
  if (value === null || value === undefined || ENCODED.test(path.split('.').at(-1) ?? '')) return [];
  if (typeof value === 'object') return Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, path === '' ? key : `${path}.${key}`));
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? [{ path, value: String(value) }] : [];
}

/** The values of one entry of a ConfigMap: of YAML each with its path, of anything else the text as a whole. */
function valuesOf(key: string, text: string): readonly Leaf[] {
  if (ENCODED.test(key)) return [];
  try {
    return leavesOf(parse(text), '').map(({ path, value }) => ({ path: path === '' ? key : `${key}: ${path}`, value }));
  } catch {
    return [{ path: key, value: text }];
  }
}

function leaksIn({ path, value }: Leaf, { nodes, name: clusterName }: ExpectedCluster): readonly string[] {
  const addresses = addressesIn(value);
  const words = hostNamesIn(value);
  return nodes.flatMap(({ name, address }) => [
    ...(addresses.has(address) ? [`${path} holds ${address}, the address of ${name}`] : []),
    ...(words.has(name) && name !== clusterName && !OWN_WORDS.has(name) ? [`${path} holds ${name}, a node's name`] : []),
  ]);
}

function judgeConfigMap(name: string, data: Readonly<Record<string, string>> | undefined, expected: ExpectedCluster): readonly Verdict[] {
  if (data === undefined) return complainOf([`ConfigMap ${name} is absent`], { title: 'a ConfigMap that joins need is not there' });
  const leaves = Object.entries(data).flatMap(([key, text]) => valuesOf(key, text));
  return complainOf(leaves.flatMap((leaf) => leaksIn(leaf, expected)).map((line) => `ConfigMap ${name}, ${line}`));
}

/** No value of one node in what all nodes share: design, section 2. */
export const sharedConfig: VerifyRule = defineRule({
  code: 'shared-config-leak',
  title: "a node's own value stands in a ConfigMap that all nodes share",
  why: "every node that joins or is upgraded takes that value for its own: it advertises, dials or calls itself by another node's address or name",
  fix: 'edit the ConfigMap and take the value out; then look at the nodes that have joined since for what they took over',
  judge: ({ snapshot, expected }: VerifyInput) =>
    judgeSeen(snapshot.cluster, { what: 'shared ConfigMaps' }, ({ configMaps }) => SHARED.flatMap((name) => judgeConfigMap(name, configMaps[name], expected))),
});
