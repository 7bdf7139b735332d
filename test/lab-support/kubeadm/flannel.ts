import { testedRelease } from './install-machine.ts';

const NAMESPACE = 'kube-flannel';
const RBAC = 'rbac.authorization.k8s.io';
export const POD_CIDR = '10.244.0.0/16';

const hostPath = (name: string, path: string, type?: string): object => ({ name, hostPath: { path, ...(type !== undefined && { type }) } });

const CNI_CONFIG = {
  name: 'cbr0',
  cniVersion: '0.3.1',
  plugins: [
    { type: 'flannel', delegate: { hairpinMode: true, isDefaultGateway: true } },
    { type: 'portmap', capabilities: { portMappings: true } },
  ],
};

/** flannel by its own manifest, in what matters: it asks the API through the service `kubernetes`, as people have it. */
export function flannelManifest(): object {
  const metadata = { name: 'flannel', namespace: NAMESPACE };
  const items = [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE, labels: { 'pod-security.kubernetes.io/enforce': 'privileged' } } },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
    {
      apiVersion: `${RBAC}/v1`,
      kind: 'ClusterRole',
      metadata: { name: 'flannel' },
      rules: [
        { apiGroups: [''], resources: ['pods'], verbs: ['get'] },
        { apiGroups: [''], resources: ['nodes'], verbs: ['get', 'list', 'watch'] },
        { apiGroups: [''], resources: ['nodes/status'], verbs: ['patch'] },
      ],
    },
    {
      apiVersion: `${RBAC}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { name: 'flannel' },
      roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: 'flannel' },
      subjects: [{ kind: 'ServiceAccount', name: 'flannel', namespace: NAMESPACE }],
    },
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'kube-flannel-cfg', namespace: NAMESPACE },
      data: { 'cni-conf.json': JSON.stringify(CNI_CONFIG), 'net-conf.json': JSON.stringify({ Network: POD_CIDR, EnableNFTables: false, Backend: { Type: 'vxlan' } }) },
    },
    daemonSet(),
  ];
  return { apiVersion: 'v1', kind: 'List', items };
}

function daemonSet(): object {
  const { images } = testedRelease();
  const labels = { app: 'flannel' };
  const copy = (name: string, image: string, [from, to]: readonly [string, string], volumeMounts: readonly object[]): object => ({
    ...{ name, image, command: ['cp', '-f', from, to], volumeMounts },
  });
  const cni = { name: 'cni', mountPath: '/etc/cni/net.d' };
  const config = { name: 'flannel-cfg', mountPath: '/etc/kube-flannel/' };
  const spec = {
    ...{ hostNetwork: true, priorityClassName: 'system-node-critical', serviceAccountName: 'flannel', tolerations: [{ operator: 'Exists', effect: 'NoSchedule' }] },
    initContainers: [
      copy('install-cni-plugin', images['flannel-cni-plugin'], ['/flannel', '/opt/cni/bin/flannel'], [{ name: 'cni-plugin', mountPath: '/opt/cni/bin' }]),
      copy('install-cni', images.flannel, ['/etc/kube-flannel/cni-conf.json', '/etc/cni/net.d/10-flannel.conflist'], [cni, config]),
    ],
    containers: [
      {
        name: 'kube-flannel',
        image: images.flannel,
        command: ['/opt/bin/flanneld', '--ip-masq', '--kube-subnet-mgr'],
        securityContext: { privileged: false, capabilities: { add: ['NET_ADMIN', 'NET_RAW'] } },
        env: [
          { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
          { name: 'POD_NAMESPACE', valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } } },
        ],
        volumeMounts: [{ name: 'run', mountPath: '/run/flannel' }, config, { name: 'xtables-lock', mountPath: '/run/xtables.lock' }],
      },
    ],
    volumes: [
      hostPath('run', '/run/flannel'),
      hostPath('cni-plugin', '/opt/cni/bin'),
      hostPath('cni', '/etc/cni/net.d'),
      { name: 'flannel-cfg', configMap: { name: 'kube-flannel-cfg' } },
      hostPath('xtables-lock', '/run/xtables.lock', 'FileOrCreate'),
    ],
  };
  return {
    ...{ apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: { name: 'kube-flannel-ds', namespace: NAMESPACE, labels } },
    spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
  };
}
