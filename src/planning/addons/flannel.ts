import type { Release } from '../../catalogue/release.ts';
import type { ClusterWide } from '../../model/cluster.ts';
import { sharedDocument, sharedJson, text } from '../../model/scope.ts';
import type { SharedDocument } from '../../model/scope.ts';

const NAMESPACE = 'kube-flannel';
export const FLANNEL_WORKLOAD = 'kube-flannel/DaemonSet/kube-flannel-ds';

const CNI_CONFIG = sharedDocument({
  name: 'cbr0',
  cniVersion: '0.3.1',
  plugins: [
    { type: 'flannel', delegate: { hairpinMode: true, isDefaultGateway: true } },
    { type: 'portmap', capabilities: { portMappings: true } },
  ],
});

/** flannel with vxlan, by its own documentation for Kubernetes; the last document is the DaemonSet. */
export function flannelObjects({ network, endpoint }: ClusterWide, { images }: Release): readonly SharedDocument[] {
  const metadata = { name: 'flannel', namespace: NAMESPACE } as const;
  const rbac = 'rbac.authorization.k8s.io';
  return [
    sharedDocument({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE, labels: { 'pod-security.kubernetes.io/enforce': 'privileged' } } }),
    sharedDocument({ apiVersion: 'v1', kind: 'ServiceAccount', metadata }),
    sharedDocument({
      apiVersion: `${rbac}/v1`,
      kind: 'ClusterRole',
      metadata: { name: 'flannel' },
      rules: [
        { apiGroups: [''], resources: ['pods'], verbs: ['get'] },
        { apiGroups: [''], resources: ['nodes'], verbs: ['get', 'list', 'watch'] },
        { apiGroups: [''], resources: ['nodes/status'], verbs: ['patch'] },
      ],
    }),
    sharedDocument({
      apiVersion: `${rbac}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { name: 'flannel' },
      roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: 'flannel' },
      subjects: [{ kind: 'ServiceAccount', name: 'flannel', namespace: NAMESPACE }],
    }),
    sharedDocument({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'kube-flannel-cfg', namespace: NAMESPACE },
      data: {
        'cni-conf.json': sharedJson(CNI_CONFIG),
        'net-conf.json': sharedJson(sharedDocument({ Network: network.podCIDR, EnableNFTables: false, Backend: { Type: 'vxlan' } })),
      },
    }),
    daemonSet(images, endpoint),
  ];
}

/**
 * The API is reached through the node's own proxy. The address of the service kubernetes leads nowhere until kube-proxy has written its rules, and a
 * connection begun before that hangs until it times out (30 s): a node that joined had no pod network for so long.
 */
function environment({ host, port }: ClusterWide['endpoint']) {
  return [
    { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
    { name: 'POD_NAMESPACE', valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } } },
    { name: 'HOST_IP', valueFrom: { fieldRef: { fieldPath: 'status.hostIP' } } },
    { name: 'KUBERNETES_SERVICE_HOST', value: host },
    { name: 'KUBERNETES_SERVICE_PORT', value: text`${port}` },
    { name: 'EVENT_QUEUE_DEPTH', value: '5000' },
  ] as const;
}

/** They place the plugin and its configuration on the host before flanneld runs. */
function initContainers(images: Release['images']) {
  return [
    {
      name: 'install-cni-plugin',
      image: images['flannel-cni-plugin'],
      imagePullPolicy: 'IfNotPresent',
      command: ['cp'],
      args: ['-f', '/flannel', '/opt/cni/bin/flannel'],
      volumeMounts: [{ name: 'cni-plugin', mountPath: '/opt/cni/bin' }],
    },
    {
      name: 'install-cni',
      image: images.flannel,
      imagePullPolicy: 'IfNotPresent',
      command: ['cp'],
      args: ['-f', '/etc/kube-flannel/cni-conf.json', '/etc/cni/net.d/10-flannel.conflist'],
      volumeMounts: [
        { name: 'cni', mountPath: '/etc/cni/net.d' },
        { name: 'flannel-cfg', mountPath: '/etc/kube-flannel/' },
      ],
    },
  ] as const;
}

function daemonSet(images: Release['images'], endpoint: ClusterWide['endpoint']): SharedDocument {
  const labels = { app: 'flannel' } as const;
  const hostPath = <const N extends string, const P extends string>(name: N, path: P) => ({ name, hostPath: { path } }) as const;
  return sharedDocument({
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'kube-flannel-ds', namespace: NAMESPACE, labels },
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          hostNetwork: true,
          priorityClassName: 'system-node-critical',
          serviceAccountName: 'flannel',
          tolerations: [{ operator: 'Exists', effect: 'NoSchedule' }],
          initContainers: initContainers(images),
          containers: [
            {
              name: 'kube-flannel',
              image: images.flannel,
              imagePullPolicy: 'IfNotPresent',
              command: ['/opt/bin/flanneld'],
              // Each node's own address, not that of its default route: machines with several networks would announce the wrong one.
              args: ['--ip-masq', '--kube-subnet-mgr', '--iface=$(HOST_IP)'],
              resources: { requests: { cpu: '100m', memory: '50Mi' } },
              securityContext: { privileged: false, capabilities: { add: ['NET_ADMIN', 'NET_RAW'] } },
              env: environment(endpoint),
              volumeMounts: [
                { name: 'run', mountPath: '/run/flannel' },
                { name: 'flannel-cfg', mountPath: '/etc/kube-flannel/' },
                { name: 'xtables-lock', mountPath: '/run/xtables.lock' },
              ],
            },
          ],
          volumes: [
            hostPath('run', '/run/flannel'),
            hostPath('cni-plugin', '/opt/cni/bin'),
            hostPath('cni', '/etc/cni/net.d'),
            { name: 'flannel-cfg', configMap: { name: 'kube-flannel-cfg' } },
            { name: 'xtables-lock', hostPath: { path: '/run/xtables.lock', type: 'FileOrCreate' } },
          ],
        },
      },
    },
  });
}
