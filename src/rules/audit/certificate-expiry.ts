import type { Severity } from '../finding.ts';
import { complainBySeverity, defineAuditRule } from './audit-rule.ts';
import { seenMachines } from './machine.ts';
import { certificatesInUse } from './certificates-in-use.ts';

const DAY_MS = 86_400_000;
const LEAST_DAYS = 30;

export const certificateExpiry = defineAuditRule({
  code: 'certificate-expiry',
  severity: 'warning',
  title: 'a certificate in use expires within 30 days',
  why: 'from then on whoever is shown it refuses it: the control plane, etcd or the node stops working with the others, on all machines that were set up together at once',
  fix: "run kubeadm certs renew all on the machine and let its static pods restart; the kubelet's own is renewed by itself: read journalctl -u kubelet",
  grades: 'an error where it has expired',
  judge: (view) =>
    seenMachines(view).flatMap((machine) => {
      const near = certificatesInUse(machine).flatMap(({ path, certificate: { subject, notAfter } }) => {
        const days = Math.floor((Date.parse(notAfter) - view.now.getTime()) / DAY_MS);
        const severity: Severity = days < 0 ? 'error' : 'warning';
        return days >= LEAST_DAYS
          ? []
          : [{ severity, line: `${path} (${subject}) ${days < 0 ? `has been expired since ${notAfter}` : `expires in ${days} days, at ${notAfter}`}` }];
      });
      return complainBySeverity(near, (some, severity) => ({
        evidence: some.map(({ line }) => line),
        node: machine.name,
        ...(severity === 'error' && { title: 'a certificate in use has expired' }),
      }));
    }),
});
