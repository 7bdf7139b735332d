import { Document, isMap, isScalar, isSeq, stringify } from 'yaml';
import type { Role } from '../model/cluster.ts';

/** What a new cluster file says; everything else is left to its defaults. */
export interface ClusterFileChoices {
  readonly name: string;
  readonly kubernetesVersion: string;
  readonly podCIDR: string;
  readonly serviceCIDR: string;
  readonly user: string;
  readonly identityFile?: string | undefined;
  readonly nodes: readonly { readonly name: string; readonly address: string; readonly role: Role }[];
}

const ABOUT = `A cluster of kubewright. Next: kubewright plan shows what would be done, kubewright apply does it.
Every key is described in docs/cluster-file.md. What is commented out could stand there.
For editors: kubewright schema > cluster.schema.json, and as the first line of this file
# yaml-language-server: $schema=cluster.schema.json`;

const ABOVE = {
  name: "Part of the endpoint's name, api.NAME.kubewright.internal; cannot change later.",
  network: "Ranges that the nodes' own network does not use; they cannot change later. Each node gets a /24 of the pods' range.",
  ssh: 'How this machine reaches the nodes; port, jump and knownHostsFile could stand here too. What is absent is left to your own ssh configuration: keys, agents, bastions, known hosts.',
  nodes: 'The machines; their order means nothing. The address is the one that other nodes use.',
};

/** What many clusters want sooner or later, with what it is for. */
const FURTHER: readonly (readonly [why: string, settings: object])[] = [
  [
    'Names by which people reach the API servers from outside, for their certificates; flags of every control plane, those of one stand under its node.',
    { controlPlane: { certSANs: ['k8s.example.com'], apiServer: { extraArgs: { 'event-ttl': '2h' } }, etcd: { extraArgs: { 'quota-backend-bytes': 4_294_967_296 } } } },
  ],
  ['Fields of KubeletConfiguration, for every node; those of one stand under it, as kubelet.', { kubelet: { config: { maxPods: 200 } } }],
  [
    'Settings that several nodes share: a node takes them with pool: storage in the place of its role.',
    { pools: { storage: { role: 'worker', labels: { disk: 'fast' }, taints: ['example.com/dedicated=storage:NoSchedule'] } } },
  ],
  [
    'How every node reaches registries; the password is named, never written. spec.proxy has the way out of the network.',
    { registries: { 'registry.example.com': { credentials: { username: 'nodes', password: { fromFile: './registry-password' } } } } },
  ],
  ['kubectl top needs metrics-server; it is on unless this says otherwise.', { addons: { metricsServer: { enabled: false } } }],
];

/** The text of a cluster file with comments. It is not checked here: what was chosen may be wrong. */
export function clusterFileTemplate({ name, kubernetesVersion, podCIDR, serviceCIDR, user, identityFile, nodes }: ClusterFileChoices): string {
  const ssh = { user, ...(identityFile !== undefined && { identityFile }) };
  const spec = { kubernetes: { version: kubernetesVersion }, network: { plugin: 'flannel', podCIDR, serviceCIDR }, ssh, nodes };
  // yaml-1.1: what reads the file otherwise may take `on` or `12:30` for other types than text.
  const document = new Document({ apiVersion: 'kubewright.dev/v1alpha1', kind: 'Cluster', metadata: { name }, spec }, { compat: 'yaml-1.1' });
  document.commentBefore = comment(ABOUT);
  above(document, ['metadata', 'name'], ABOVE.name);
  for (const key of ['network', 'ssh'] as const) above(document, ['spec', key], ABOVE[key]);
  above(document, ['spec', 'nodes'], [...FURTHER.map(([why, settings]) => `${why}\n${stringify(settings)}`), ABOVE.nodes].join('\n'));
  flowNodes(document);
  return document.toString({ lineWidth: 0, flowCollectionPadding: true });
}

function comment(text: string): string {
  return text.replaceAll(/^(?=.)/gm, ' ');
}

/** Puts a comment above a key, and an empty line above that within a group. */
function above(document: Document, path: readonly string[], text: string): void {
  const map = document.getIn(path.slice(0, -1));
  const key = isMap(map) ? map.items.map((pair) => pair.key).find((scalar) => isScalar(scalar) && scalar.value === path.at(-1)) : undefined;
  if (!isScalar(key)) throw new Error(`the template has no key ${path.join('.')}`);
  key.commentBefore = comment(text);
  key.spaceBefore = isMap(map) && map.items[0]?.key !== key;
}

/** A node a line. */
function flowNodes(document: Document): void {
  const nodes = document.getIn(['spec', 'nodes']);
  for (const node of isSeq(nodes) ? nodes.items : []) if (isMap(node)) node.flow = true;
}
