import { OWN_API_SERVER, etcdctl, kubectl } from '../../shell/kubectl.ts';
import type { ScriptSection } from '../section-script.ts';
import { sectionScript } from '../section-script.ts';

/** ConfigMaps that all nodes share: where a node's value must never be. */
const SHARED_CONFIG_MAPS = [
  'kube-system/kubeadm-config',
  'kube-system/kubelet-config',
  'kube-system/kube-proxy',
  'kube-system/coredns',
  'kube-system/kubewright',
  'kube-public/cluster-info',
] as const;

/** Below the patience of a command that only looks: an API server that hangs is told by what kubectl says. */
const TIMEOUT = '--request-timeout=5s';
/** A member that is away costs so long, and is told as not healthy then. */
const members = (...words: readonly string[]): string => etcdctl('--command-timeout=3s', '-w', 'json', ...words);
/** `get --raw` asks for one path and learns nothing else of the API: half the work of a `get` by kind. */
const raw = (path: string): string => kubectl(TIMEOUT, 'get', '--raw', path);
const get = (...words: readonly string[]): string => kubectl(TIMEOUT, 'get', ...words);

const PODS =
  'jsonpath={range .items[*]}{.metadata.namespace}{"|"}{.metadata.ownerReferences[0].kind}{"|"}{.metadata.ownerReferences[0].name}{"|"}{.spec.nodeName}{"|"}{.metadata.deletionTimestamp}{"\\n"}{end}';
/** Ids and descriptions alone: a token's secret half stays on the host. */
const TOKENS = 'jsonpath={range .items[*]}{.data.token-id}{"|"}{.data.description}{"\\n"}{end}';

/** The paths of the ConfigMaps in `namespace`, one answer an object: other ConfigMaps are nobody's business. */
function configMaps(namespace: string): string {
  const names = SHARED_CONFIG_MAPS.filter((full) => full.startsWith(`${namespace}/`)).map((full) => full.slice(namespace.length + 1));
  return get('-n', namespace, 'configmaps', ...names, '--ignore-not-found', '-o', 'json');
}

const sections: readonly ScriptSection[] = [
  { name: 'version', shell: raw('/version') },
  { name: 'uid', shell: `${raw('/api/v1/namespaces/kube-system')} | sed -n 's/.*"uid": *"\\([^"]*\\)".*/\\1/p'` },
  { name: 'nodes', shell: raw('/api/v1/nodes') },
  { name: 'system', shell: configMaps('kube-system') },
  { name: 'public', shell: configMaps('kube-public') },
  { name: 'slices', shell: raw('/apis/discovery.k8s.io/v1/namespaces/default/endpointslices?labelSelector=kubernetes.io%2Fservice-name%3Dkubernetes') },
  { name: 'workloads', shell: get('deployments,daemonsets', '-A', '-o', 'json') },
  { name: 'pods', shell: get('pods', '-n', 'kube-system', '-o', PODS) },
  { name: 'tokens', shell: get('-n', 'kube-system', 'secrets', '--field-selector', 'type=bootstrap.kubernetes.io/token', '-o', TOKENS) },
  { name: 'members', shell: members('member', 'list') },
  { name: 'health', shell: members('endpoint', 'health', '--cluster') },
  { name: 'status', shell: members('endpoint', 'status', '--cluster') },
];

/** The script that reads the cluster through one control plane, of the form that `sectionsOf` reads: what one control plane answers is that one's answer. */
export function clusterScript(): string {
  return `${OWN_API_SERVER}\n${sectionScript(sections)}`;
}
