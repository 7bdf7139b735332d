import type { AuditView } from './audit-view.ts';
import { seenMachines } from './machine.ts';
import { KUBEADM } from './shared-documents.ts';

/** Who made a cluster, as far as it can be told. */
export interface Maker {
  readonly name: string;
  readonly isProven: boolean;
  /** What told it. */
  readonly why: string;
}

/** Deployers by what they leave on machines, those that have a sign of their own first. */
const BY_MARKS: readonly (readonly [mark: string, name: string, isProven: boolean])[] = [
  ['/etc/kubewright', 'kubewright', true],
  ['/etc/kubernetes/kubeone', 'KubeOne', false],
  ['/etc/kubeone', 'KubeOne', false],
  ['/etc/kubekey', 'KubeKey', false],
  ['/etc/rancher/rke2', 'RKE2', false],
  ['/etc/rancher/k3s', 'K3s', false],
  ['/etc/kubernetes/kubescheduler-config.yaml', 'Kubespray', true],
  ['/etc/kubernetes/kubeadm-config.yaml', 'Kubespray', true],
];
/** By labels of nodes. */
const BY_LABELS: readonly (readonly [prefix: string, name: string])[] = [
  ['v1.kubeone.io/', 'KubeOne'],
  ['machine.cluster.x-k8s.io/', 'Cluster API'],
  ['cluster.x-k8s.io/', 'Cluster API'],
];

export function makerOf(view: AuditView): Maker {
  const marks = new Set(seenMachines(view).flatMap(({ facts }) => facts.marks));
  const byMark = BY_MARKS.find(([mark]) => marks.has(mark));
  const keys = Object.values(view.cluster?.nodes ?? {}).flatMap(({ labels, annotations }) => Object.keys({ ...labels, ...annotations }));
  const byLabel = BY_LABELS.find(([prefix]) => keys.some((key) => key.startsWith(prefix)));
  if (byMark !== undefined && byMark[1] === 'kubewright') return { name: byMark[1], isProven: true, why: `machines have ${byMark[0]}` };
  if (byLabel !== undefined) return { name: byLabel[1], isProven: false, why: `nodes are labelled ${byLabel[0]}` };
  if (byMark !== undefined) return { name: byMark[1], isProven: byMark[2], why: `machines have ${byMark[0]}` };
  const isKubeadm = view.cluster === undefined || view.cluster.configMaps[KUBEADM.configMap] !== undefined;
  return isKubeadm ? { name: 'kubeadm', isProven: true, why: '' } : { name: 'a deployer without kubeadm', isProven: false, why: `there is no ConfigMap ${KUBEADM.configMap}` };
}
