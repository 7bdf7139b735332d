import { complain, defineAuditRule } from './audit-rule.ts';
import { seenMachines } from './machine.ts';

/** A join or a client that does not know whom it talks to. */
export const joinInsecure = defineAuditRule({
  code: 'join-insecure',
  severity: 'warning',
  title: 'a machine talks to the API without checking who answers',
  why: 'whoever can answer in the place of the API server gets the credentials of the node or the administrator, and can hand it any pod to run',
  fix: "join with the hash of the cluster's CA (--discovery-token-ca-cert-hash), and put certificate-authority-data into the kubeconfig in place of insecure-skip-tls-verify",
  judge: (view) =>
    seenMachines(view).flatMap(({ name, facts }) =>
      complain(
        [
          ...facts.joinFiles.flatMap(({ path, skipsVerification }) =>
            skipsVerification === undefined ? [] : [`${path}:${skipsVerification.line}: unsafeSkipCAVerification is true`],
          ),
          ...Object.entries(facts.kubeconfigs).flatMap(([path, { skipsVerification }]) => (skipsVerification ? [`${path}: insecure-skip-tls-verify is true`] : [])),
        ],
        { node: name },
      ),
    ),
});
