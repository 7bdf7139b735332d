import { command, quote } from '../../shell/quote.ts';
import type { ScriptSection } from '../section-script.ts';
import { OWN_DIRECTORY, sectionsShell } from '../section-script.ts';
import { ASK_SERVERS } from './ask-servers.ts';
import type { ClusterAccess, EtcdAccess } from './cluster-access.ts';

/** ConfigMaps that all nodes share, and those in which network plugins keep addresses of etcd. */
const CONFIG_MAPS = ['kubeadm-config', 'kubelet-config', 'kube-proxy', 'coredns', 'calico-config', 'cilium-config'];

/** Every API server's certificate of kubeadm carries this name, whatever else it lacks. */
const SERVER_NAME = 'kubernetes';

const PODS =
  'jsonpath={range .items[*]}{.metadata.namespace}{"|"}{.metadata.ownerReferences[0].kind}{"|"}{.metadata.ownerReferences[0].name}{"|"}{.spec.nodeName}{"|"}{.metadata.deletionTimestamp}{"|"}{.metadata.name}{"|"}{.status.hostIP}{"\\n"}{end}';
/** A token's secret half stays in the cluster. */
const TOKENS = 'jsonpath={range .items[*]}{.data.token-id}{"|"}{.data.description}{"|"}{.data.expiration}{"\\n"}{end}';

const get = (...words: readonly string[]): string => `kc ${command('get', ...words)}`;
const raw = (path: string): string => get('--raw', path);

/** Servers that shared objects name, from the answers of these sections: machines' own kubeconfigs may name others, and nobody would try these. */
const SHARED_SERVERS = [
  'cat "$d/system" "$d/public"',
  String.raw`sed 's/\\n/\n/g'`,
  String.raw`sed -nE 's#^[- ]*server: *[\\"]*(https?://[^ "\\]+).*#\1#p; s#^controlPlaneEndpoint: *[\\"]*([^ "\\/]+:[0-9]+).*#https://\1#p'`,
  ASK_SERVERS,
].join(' | ');

const SECTIONS: readonly ScriptSection[] = [
  { name: 'version', shell: raw('/version') },
  // What the kubeconfig was tried with.
  { name: 'nodes', shell: 'cat "$d/tried"' },
  { name: 'system', shell: get('-n', 'kube-system', 'configmaps', ...CONFIG_MAPS, '--ignore-not-found', '-o', 'json') },
  { name: 'public', shell: get('-n', 'kube-public', 'configmaps', 'cluster-info', '--ignore-not-found', '-o', 'json') },
  { name: 'slices', shell: raw('/apis/discovery.k8s.io/v1/namespaces/default/endpointslices?labelSelector=kubernetes.io%2Fservice-name%3Dkubernetes') },
  // Slices of services with a selector are labelled by the controller that keeps them.
  {
    name: 'manual',
    shell: raw('/apis/discovery.k8s.io/v1/namespaces/kube-system/endpointslices?labelSelector=endpointslice.kubernetes.io%2Fmanaged-by%21%3Dendpointslice-controller.k8s.io'),
  },
  { name: 'deployments', shell: raw('/apis/apps/v1/namespaces/kube-system/deployments') },
  { name: 'daemonsets', shell: raw('/apis/apps/v1/namespaces/kube-system/daemonsets') },
  { name: 'pods', shell: get('pods', '-n', 'kube-system', '-o', PODS) },
  { name: 'tokens', shell: get('-n', 'kube-system', 'secrets', '--field-selector', 'type=bootstrap.kubernetes.io/token', '-o', TOKENS) },
];

/** The kubeconfig that the API server takes, the first of several; `kc` asks with it. */
function chooser({ server, kubeconfigs }: ClusterAccess): string {
  const options = command('--server', server, '--tls-server-name', SERVER_NAME, '--request-timeout=8s', '--cache-dir', '/run/kubewright/kubectl-cache');
  return [
    `kc() { kubectl --kubeconfig "$k" ${options} "$@"; }`,
    `for k in ${kubeconfigs.map(quote).join(' ')}; do [ -f "$k" ] && why=$(${raw('/api/v1/nodes')} 2>&1 >"$d/tried") && break; k=; done`,
    `if [ -z "$k" ]; then printf '{"refused":"%s"}\\n' "$({ command -v kubectl >/dev/null 2>&1 && printf '%s' "\${why:-no kubeconfig of an administrator was found}" || printf 'there is no kubectl'; } | tail -n 1 | base64 -w0)"; exit 0; fi`,
  ].join('\n');
}

function etcdSections({ endpoints, caFile, certFile, keyFile, pid }: EtcdAccess): readonly ScriptSection[] {
  const program = `e=$(command -v etcdctl) || e=/proc/${pid ?? 'none'}/root/usr/local/bin/etcdctl; [ -x "$e" ] || { echo 'no etcdctl was found, on the machine or in the image of its member' >&2; exit 127; }`;
  const options = command(`--endpoints=${endpoints}`, `--cacert=${caFile}`, `--cert=${certFile}`, `--key=${keyFile}`, '--dial-timeout=2s', '--command-timeout=3s', '-w', 'json');
  // What configures an etcdctl on this machine must not add to what was found.
  const ask = (...words: readonly string[]): string => `${program}\nenv -i PATH="$PATH" "$e" ${options} ${command(...words)}`;
  return [
    { name: 'members', shell: ask('member', 'list') },
    { name: 'health', shell: ask('endpoint', 'health', '--cluster') },
    { name: 'status', shell: ask('endpoint', 'status', '--cluster') },
  ];
}

/** The script that reads a cluster through the control plane it runs on: only `get` and `list`. */
export function clusterViewScript(access: ClusterAccess): string {
  const sections = [...SECTIONS, ...(access.etcd === undefined ? [] : etcdSections(access.etcd))];
  return [OWN_DIRECTORY, chooser(access), sectionsShell(sections, [{ name: 'servers', shell: SHARED_SERVERS }])].join('\n');
}
