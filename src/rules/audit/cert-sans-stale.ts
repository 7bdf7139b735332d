import type { AuditComplaint } from './audit-rule.ts';
import { complain, defineAuditRule } from './audit-rule.ts';
import type { AuditView } from './audit-view.ts';
import type { Machine } from './machine.ts';
import { KUBEADM, listAt } from './shared-documents.ts';
import type { SharedValue } from './shared-documents.ts';

/** What kubeadm puts into certificates on every control plane. */
const LISTS = ['apiServer.certSANs', 'etcd.local.serverCertSANs', 'etcd.local.peerCertSANs'];

/** L11 and L34 in shared state: what every new serving certificate of a control plane will carry. */
export const certSansStale = defineAuditRule({
  code: 'cert-sans-stale',
  severity: 'warning',
  title: 'kubeadm-config lists names of machines for every certificate, and the list is not what the cluster is',
  why: "each new certificate of an API server or an etcd member vouches for a machine that is gone, whoever gets its address next; those that came later are missing, and clients that dial one of them by another's address refuse it",
  fix: 'leave to apiServer.certSANs, etcd.local.serverCertSANs and etcd.local.peerCertSANs of kubeadm-config what names the cluster as a whole; kubeadm adds the own name and address of each control plane',
  isMended: true,
  judge: (view) => LISTS.flatMap((path) => judge(view, path)),
});

function judge(view: AuditView, path: string): readonly AuditComplaint[] {
  const listed = listAt(view, KUBEADM, path);
  const { departed } = view;
  const gone = listed.filter(({ value }) => departed.has(value));
  const some = view.controlPlanes.filter((machine) => listed.some((entry) => isOf(machine, entry)));
  const missing = some.length === 0 || gone.length > 0 ? [] : view.controlPlanes.filter((machine) => !some.includes(machine));
  const leaving = gone.length > 0 ? gone : listed.filter((entry) => some.some((machine) => isOf(machine, entry)));
  return complain(
    [
      ...gone.map(({ where, value }) => `${where} is ${value}, of a machine that is none of this cluster (it stands in ${departed.get(value) ?? ''} too)`),
      ...missing.map(({ name }) => `${path} lists ${some.map((machine) => machine.name).join(', ')} and not ${name}`),
    ],
    { repair: { kind: 'shared-value', shared: leaving.map(({ place }) => place) } },
  );
}

function isOf({ name, addresses }: Machine, { value }: SharedValue): boolean {
  return value === name || addresses.includes(value);
}
