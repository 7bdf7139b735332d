/** Namespace of everything that looks at a cluster from inside it; nothing in it lives longer than a verification. */
export const PROBE_NAMESPACE = 'kubewright-verify';
export const PROBE_NAME = 'probe';
export const PROBE_PORT = 8080;

const LABELS = { 'app.kubernetes.io/name': PROBE_NAME, 'app.kubernetes.io/managed-by': 'kubewright' };
export const PROBE_SELECTOR = `app.kubernetes.io/name=${PROBE_NAME}`;

/** Any user but root: it needs no file of its own. */
const NOBODY = 65_534;

const CONTAINER_SECURITY = { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } };

function podSpec(image: string): object {
  return {
    // Every node is asked, whatever its taints, one without network or not ready too.
    tolerations: [{ operator: 'Exists' }],
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: 0,
    securityContext: { runAsNonRoot: true, runAsUser: NOBODY, runAsGroup: NOBODY, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [
      {
        name: PROBE_NAME,
        image,
        imagePullPolicy: 'IfNotPresent',
        // Its server dials where it is told to (`/dial`); of its other servers none is needed.
        args: ['netexec', `--http-port=${PROBE_PORT}`, '--udp-port=-1'],
        ports: [{ containerPort: PROBE_PORT }],
        readinessProbe: { tcpSocket: { port: PROBE_PORT }, periodSeconds: 1 },
        resources: { requests: { cpu: '5m', memory: '16Mi' }, limits: { memory: '128Mi' } },
        securityContext: CONTAINER_SECURITY,
      },
    ],
  };
}

/** The namespace and a DaemonSet of `image` (agnhost), as one List for `kubectl create`. */
export function probeManifest(image: string): string {
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: PROBE_NAMESPACE, labels: LABELS } };
  const daemonSet = {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: PROBE_NAME, namespace: PROBE_NAMESPACE, labels: LABELS },
    spec: { selector: { matchLabels: LABELS }, template: { metadata: { labels: LABELS }, spec: podSpec(image) } },
  };
  return JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [namespace, daemonSet] });
}
