import { complain, defineAuditRule } from './audit-rule.ts';
import { KUBEADM, listAt } from './shared-documents.ts';

/** L11 in shared state: what every new certificate of an API server will carry. */
export const certSansStale = defineAuditRule({
  code: 'cert-sans-stale',
  severity: 'warning',
  title: 'kubeadm-config lists names of machines for every certificate, and the list is not what the cluster is',
  why: "each new certificate of an API server vouches for a machine that is gone, whoever gets its address next; those that came later are missing, and clients that dial an API server by another's address refuse it",
  fix: 'leave to apiServer.certSANs of kubeadm-config what names the cluster as a whole; kubeadm adds the own name and address of each control plane',
  isMended: true,
  judge: (view) => {
    const listed = listAt(view, KUBEADM, 'apiServer.certSANs');
    const { departed } = view;
    const gone = listed.filter(({ value }) => departed.has(value));
    const isListed = ({ name, addresses }: { readonly name: string; readonly addresses: readonly string[] }): boolean =>
      listed.some(({ value }) => value === name || addresses.includes(value));
    const some = view.controlPlanes.filter(isListed);
    const missing = some.length === 0 || gone.length > 0 ? [] : view.controlPlanes.filter((machine) => !isListed(machine));
    return complain(
      [
        ...gone.map(({ where, value }) => `${where} is ${value}, of a machine that is none of this cluster (it stands in ${departed.get(value) ?? ''} too)`),
        ...missing.map(({ name }) => `apiServer.certSANs lists ${some.map((machine) => machine.name).join(', ')} and not ${name}`),
      ],
      {
        repair: {
          kind: 'shared-value',
          shared: (gone.length > 0 ? gone : listed.filter(({ value }) => some.some((machine) => machine.name === value || machine.addresses.includes(value)))).map(
            ({ place }) => place,
          ),
        },
      },
    );
  },
});
