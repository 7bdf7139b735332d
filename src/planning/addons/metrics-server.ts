import type { Release } from '../../catalogue/release.ts';
import { sharedDocument } from '../../model/scope.ts';
import type { SharedDocument } from '../../model/scope.ts';
import { spreadOverNodes } from './spread.ts';

const NAMESPACE = 'kube-system';
export const METRICS_SERVER_WORKLOAD = `${NAMESPACE}/Deployment/metrics-server`;
const RBAC = 'rbac.authorization.k8s.io';
const LABELS = { 'k8s-app': 'metrics-server' } as const;
const METADATA = { name: 'metrics-server', namespace: NAMESPACE, labels: LABELS } as const;
const SUBJECTS = [{ kind: 'ServiceAccount', name: 'metrics-server', namespace: NAMESPACE }] as const;

/** metrics-server in two replicas on different nodes, by its own documentation for high availability; the last document is the Deployment. */
export function metricsServerObjects({ images }: Release, isSingleNode: boolean): readonly SharedDocument[] {
  return [...accessObjects(), ...serviceObjects(), deployment(images['metrics-server'], isSingleNode)];
}

function accessObjects(): readonly SharedDocument[] {
  const binding = (name: 'metrics-server:system:auth-delegator' | 'system:metrics-server', role: 'system:auth-delegator' | 'system:metrics-server') =>
    sharedDocument({
      apiVersion: `${RBAC}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { name, labels: LABELS },
      roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: role },
      subjects: SUBJECTS,
    });
  return [
    sharedDocument({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: METADATA }),
    sharedDocument({
      apiVersion: `${RBAC}/v1`,
      kind: 'ClusterRole',
      metadata: {
        name: 'system:aggregated-metrics-reader',
        labels: {
          ...LABELS,
          'rbac.authorization.k8s.io/aggregate-to-view': 'true',
          'rbac.authorization.k8s.io/aggregate-to-edit': 'true',
          'rbac.authorization.k8s.io/aggregate-to-admin': 'true',
        },
      },
      rules: [{ apiGroups: ['metrics.k8s.io'], resources: ['pods', 'nodes'], verbs: ['get', 'list', 'watch'] }],
    }),
    sharedDocument({
      apiVersion: `${RBAC}/v1`,
      kind: 'ClusterRole',
      metadata: { name: 'system:metrics-server', labels: LABELS },
      rules: [
        { apiGroups: [''], resources: ['nodes/metrics'], verbs: ['get'] },
        { apiGroups: [''], resources: ['pods', 'nodes'], verbs: ['get', 'list', 'watch'] },
      ],
    }),
    sharedDocument({
      apiVersion: `${RBAC}/v1`,
      kind: 'RoleBinding',
      metadata: { name: 'metrics-server-auth-reader', namespace: NAMESPACE, labels: LABELS },
      roleRef: { apiGroup: RBAC, kind: 'Role', name: 'extension-apiserver-authentication-reader' },
      subjects: SUBJECTS,
    }),
    binding('metrics-server:system:auth-delegator', 'system:auth-delegator'),
    binding('system:metrics-server', 'system:metrics-server'),
  ];
}

function serviceObjects(): readonly SharedDocument[] {
  return [
    sharedDocument({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: METADATA,
      spec: { selector: LABELS, ports: [{ name: 'https', port: 443, protocol: 'TCP', targetPort: 'https' }] },
    }),
    sharedDocument({ apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: METADATA, spec: { minAvailable: 1, selector: { matchLabels: LABELS } } }),
    sharedDocument({
      apiVersion: 'apiregistration.k8s.io/v1',
      kind: 'APIService',
      metadata: { name: 'v1beta1.metrics.k8s.io', labels: LABELS },
      spec: {
        group: 'metrics.k8s.io',
        groupPriorityMinimum: 100,
        insecureSkipTLSVerify: true,
        service: { name: 'metrics-server', namespace: NAMESPACE },
        version: 'v1beta1',
        versionPriority: 100,
      },
    }),
  ];
}

/** Kubelets of kubeadm serve with certificates of their own making: nobody has signed what could be verified (docs/decisions). */
const ARGS = [
  '--cert-dir=/tmp',
  '--secure-port=10250',
  '--kubelet-preferred-address-types=InternalIP',
  '--kubelet-use-node-status-port',
  '--metric-resolution=15s',
  '--kubelet-insecure-tls',
] as const;

function deployment(image: Release['images']['metrics-server'], isSingleNode: boolean): SharedDocument {
  const probe = <const P extends '/livez' | '/readyz', const D extends number>(path: P, delay: D) =>
    ({ httpGet: { path, port: 'https', scheme: 'HTTPS' }, periodSeconds: 5, failureThreshold: 3, initialDelaySeconds: delay }) as const;
  return sharedDocument({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: METADATA,
    spec: {
      replicas: 2,
      selector: { matchLabels: LABELS },
      strategy: { rollingUpdate: { maxUnavailable: 1 } },
      template: {
        metadata: { labels: LABELS },
        spec: {
          serviceAccountName: 'metrics-server',
          priorityClassName: 'system-cluster-critical',
          nodeSelector: { 'kubernetes.io/os': 'linux' },
          tolerations: [{ key: 'node-role.kubernetes.io/control-plane', operator: 'Exists', effect: 'NoSchedule' }],
          topologySpreadConstraints: [spreadOverNodes(LABELS, isSingleNode)],
          containers: [
            {
              name: 'metrics-server',
              image,
              imagePullPolicy: 'IfNotPresent',
              args: ARGS,
              ports: [{ name: 'https', containerPort: 10250, protocol: 'TCP' }],
              livenessProbe: probe('/livez', 0),
              readinessProbe: probe('/readyz', 0),
              resources: { requests: { cpu: '100m', memory: '200Mi' } },
              securityContext: {
                allowPrivilegeEscalation: false,
                capabilities: { drop: ['ALL'] },
                readOnlyRootFilesystem: true,
                runAsNonRoot: true,
                runAsUser: 1000,
                seccompProfile: { type: 'RuntimeDefault' },
              },
              volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
            },
          ],
          volumes: [{ name: 'tmp', emptyDir: { sizeLimit: '64Mi' } }],
        },
      },
    },
  });
}
