import type { AuditSnapshot } from '../../../facts/audit/audit-snapshot.ts';
import { ourCluster } from '../../../rules/testing/audit-healthy.ts';
import type { SnapshotDraft } from '../../../rules/testing/audit-changes.ts';
import { KUBEADM_CONFIG, KUBELET_CONFIG_MAP, KUBE_PROXY_CONFIG, changed, cluster, on, setConfigMap, setFlag, setSharedArg } from '../../../rules/testing/audit-changes.ts';

/** The machine whose values have leaked. */
export const LEAKING = { name: 'cp-1', address: '10.88.210.11' } as const;
const SERVER = `https://${LEAKING.address}:6443`;
const ENDPOINT = 'api.dev.kubewright.internal';

type Flaw = (draft: SnapshotDraft) => void;

const controlPlanes = (draft: SnapshotDraft): readonly string[] => draft.machines.map(({ name }) => name).filter((name) => name.startsWith('cp-'));

/** Ways in which one machine's values get into what all share, each as it is found in the field. */
export const flaws = {
  /** L0. */
  advertise: (draft) => {
    setSharedArg(draft, 'advertise-address', LEAKING.address);
    for (const name of controlPlanes(draft)) setFlag(draft, name, ['kube-apiserver', 'advertise-address'], LEAKING.address);
    cluster(draft).apiEndpoints = [LEAKING.address];
  },
  /** L1 to L6. */
  endpoint: (draft) => {
    setConfigMap(draft, KUBEADM_CONFIG, (text) => text.replace(`${ENDPOINT}:7443`, `${LEAKING.address}:6443`));
    for (const [configMap, key] of [['kube-system/kube-proxy', 'kubeconfig.conf'] as const, ['kube-public/cluster-info', 'kubeconfig'] as const])
      setConfigMap(draft, [configMap, key], (text) => text.replace(`https://${ENDPOINT}:7443`, SERVER));
    for (const { name } of draft.machines) {
      const facts = on(draft, name);
      facts.names = {};
      facts.marks = [];
      facts.balancers = [];
      for (const kubeconfig of Object.values(facts.kubeconfigs)) if (kubeconfig.server.includes(ENDPOINT)) kubeconfig.server = SERVER;
      for (const certificate of Object.values(facts.certificates)) certificate.names = certificate.names.filter((each) => each !== ENDPOINT);
    }
  },
  bind: (draft) => setConfigMap(draft, KUBEADM_CONFIG, (text) => text.replace('scheduler: {}', `scheduler:\n  extraArgs:\n  - name: bind-address\n    value: ${LEAKING.address}`)),
  kubelet: (draft) => setConfigMap(draft, KUBELET_CONFIG_MAP, (text) => `${text}address: ${LEAKING.address}\n`),
  proxyName: (draft) => setConfigMap(draft, KUBE_PROXY_CONFIG, (text) => text.replace('hostnameOverride: ""', `hostnameOverride: ${LEAKING.name}`)),
  tokens: (draft) => {
    cluster(draft).tokens = { state: 'known', value: [{ id: 'aaaaaa', description: '', expires: undefined }] };
  },
  superAdmin: (draft) => {
    const facts = on(draft, LEAKING.name);
    facts.directories = { ...facts.directories, '/etc/kubernetes': [...(facts.directories['/etc/kubernetes'] ?? []), 'super-admin.conf'] };
  },
} as const satisfies Readonly<Record<string, Flaw>>;

export type FlawName = keyof typeof flaws;

/** Worlds are values: the same is made once, and what was worked out of it is found again. */
const made = new Map<string, AuditSnapshot>();

/** A cluster of so many machines with these flaws; otherwise healthy. */
export function flawed(names: readonly FlawName[], counts: { readonly controlPlanes: number; readonly workers: number } = { controlPlanes: 3, workers: 1 }): AuditSnapshot {
  const key = [counts.controlPlanes, counts.workers, ...names].join(' ');
  const world =
    made.get(key) ??
    changed(ourCluster(counts.controlPlanes, counts.workers), (draft) => {
      for (const name of names) flaws[name](draft);
    });
  made.set(key, world);
  return world;
}
