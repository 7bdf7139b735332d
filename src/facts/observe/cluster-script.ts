import { quote } from '../../shell/quote.ts';

/** ConfigMaps that all nodes share: where a node's value must never be. */
export const SHARED_CONFIG_MAPS = ['kube-system/kubeadm-config', 'kube-system/kubelet-config', 'kube-system/kube-proxy', 'kube-system/coredns', 'kube-public/cluster-info'] as const;

const ADMIN_KUBECONFIG = '/etc/kubernetes/admin.conf';
const ETCD_PKI = '/etc/kubernetes/pki/etcd';

/** kubectl of this host against the API server beside it: what one control plane answers is that one's answer. */
const KUBECTL = `kubectl --kubeconfig ${ADMIN_KUBECONFIG} --request-timeout=8s`;
const ETCDCTL = `etcdctl --endpoints=https://127.0.0.1:2379 --cacert=${ETCD_PKI}/ca.crt --cert=${ETCD_PKI}/healthcheck-client.crt --key=${ETCD_PKI}/healthcheck-client.key --dial-timeout=2s --command-timeout=4s -w json`;

const TOKENS = `{range .items[*]}{.data.token-id}{"|"}{.data.description}{"\\n"}{end}`;

function sections(): readonly (readonly [name: string, shell: string])[] {
  const configMaps = SHARED_CONFIG_MAPS.map((full) => full.split('/') as [string, string]);
  const inNamespace = (namespace: string) => configMaps.filter(([of]) => of === namespace).map(([, name]) => name).join(' ');
  return [
    ['version', `${KUBECTL} get --raw /version`],
    ['uid', `${KUBECTL} get namespace kube-system -o 'jsonpath={.metadata.uid}'`],
    ['nodes', `${KUBECTL} get nodes -o json`],
    ['system', `${KUBECTL} get -n kube-system configmaps ${inNamespace('kube-system')} --ignore-not-found -o json`],
    ['public', `${KUBECTL} get -n kube-public configmaps ${inNamespace('kube-public')} --ignore-not-found -o json`],
    ['slices', `${KUBECTL} get -n default endpointslices -l kubernetes.io/service-name=kubernetes -o json`],
    ['workloads', `${KUBECTL} get deployments,daemonsets -A -o json`],
    ['pods', `${KUBECTL} get pods -A -o 'jsonpath={range .items[*]}{.metadata.namespace}{"|"}{.metadata.ownerReferences[0].kind}{"|"}{.metadata.ownerReferences[0].name}{"|"}{.spec.nodeName}{"|"}{.metadata.deletionTimestamp}{"\\n"}{end}'`],
    ['tokens', `${KUBECTL} get -n kube-system secrets --field-selector type=bootstrap.kubernetes.io/token -o ${quote(`jsonpath=${TOKENS}`)}`],
    ['members', `${ETCDCTL} member list`],
    ['health', `${ETCDCTL} endpoint health --cluster`],
    ['status', `${ETCDCTL} endpoint status --cluster`],
  ];
}

/**
 * The script that reads the cluster through one control plane: one JSON object like the host script's, each section with its exit code.
 * Sections run side by side: each is a round trip of its own to the API server.
 */
export function clusterScript(): string {
  const started = sections().map(([name, shell]) => `{ { ${shell}; } > "$d/${name}" 2> "$d/${name}.error" </dev/null; echo $? > "$d/${name}.exit"; } &`);
  const printed = sections().map(([name], index) => `printf '${index === 0 ? '' : ','}"${name}":"'; base64 -w0 < "$d/${name}"; printf '","${name}.exit":"'; base64 -w0 < "$d/${name}.exit"; printf '","${name}.error":"'; head -c 2000 "$d/${name}.error" | base64 -w0; printf '"'`);
  return [
    'export LC_ALL=C PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    'umask 077; mkdir -p /run/kubewright; d=$(mktemp -d /run/kubewright/read.XXXXXX); trap \'rm -rf "$d"\' EXIT',
    ...started,
    'wait',
    "printf '{'",
    ...printed,
    "printf '}\\n'",
  ].join('\n');
}
