/** Namespace of everything that looks at a cluster from inside it; nothing in it lives longer than a verification. */
export const PROBE_NAMESPACE = 'kubewright-verify';
const PROBE_NAME = 'probe';
export const PROBE_PORT = 8080;

const LABELS = { 'app.kubernetes.io/name': PROBE_NAME, 'app.kubernetes.io/managed-by': 'kubewright' };
/** Whose the objects are: no verification takes away those of another. */
export const RUN_LABEL = 'kubewright.dev/run';
export const THROUGH_ANNOTATION = 'kubewright.dev/through';
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

/** One verification. */
export interface ProbeRun {
  /** Letters, digits, `-`: a label's value. */
  readonly runId: string;
  /** The control plane that it asks through. */
  readonly through: string;
}

/** Made by whoever verifies, once at a time: it tells who does. */
export function namespaceManifest({ runId, through }: ProbeRun): string {
  const metadata = { name: PROBE_NAMESPACE, labels: { ...LABELS, [RUN_LABEL]: runId }, annotations: { [THROUGH_ANNOTATION]: through } };
  return JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata });
}

/** A DaemonSet of `image` (agnhost). */
export function probeManifest(image: string, { runId }: ProbeRun): string {
  return JSON.stringify({
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: PROBE_NAME, namespace: PROBE_NAMESPACE, labels: { ...LABELS, [RUN_LABEL]: runId } },
    spec: { selector: { matchLabels: LABELS }, template: { metadata: { labels: LABELS }, spec: podSpec(image) } },
  });
}
