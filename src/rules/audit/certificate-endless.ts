import type { MachineCertificate } from '../../facts/audit/machine-facts.ts';
import { complain, defineAuditRule } from './audit-rule.ts';
import { seenMachines } from './machine.ts';

const YEAR_MS = 365.25 * 86_400_000;
const MOST_YEARS = 10;
/** kubeadm's authorities are good for ten years; twice as long is still somebody's decision. */
const MOST_YEARS_OF_AUTHORITY = 25;

export const certificateEndless = defineAuditRule({
  code: 'certificate-endless',
  severity: 'warning',
  title: 'certificates are good for longer than anybody will keep them safe',
  why: 'etcd and kubeadm know no revocation: who once got such a key, from a disk thrown away or a backup, has it for decades, and nobody ever practises their renewal',
  fix: 'issue them anew for a year, and their authority for ten, in the deployer that made them',
  judge: (view) => {
    const evidence = seenMachines(view).flatMap(({ name, facts }) => {
      const long = Object.entries(facts.certificates).filter(([, certificate]) => yearsOf(certificate) > (isAuthority(certificate) ? MOST_YEARS_OF_AUTHORITY : MOST_YEARS));
      const [first] = long;
      return first === undefined
        ? []
        : [`${name}: ${long.length} certificates, such as ${first[0]} (${first[1].subject}), for ${Math.round(yearsOf(first[1]))} years, until ${first[1].notAfter}`];
    });
    return complain(evidence);
  },
});

function yearsOf({ notBefore, notAfter }: MachineCertificate): number {
  return (Date.parse(notAfter) - Date.parse(notBefore)) / YEAR_MS;
}

function isAuthority({ isCA, subject, issuer }: MachineCertificate): boolean {
  return isCA || subject === issuer;
}
