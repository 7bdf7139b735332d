import type { AuditComplaint } from './audit-rule.ts';
import type { AuditView } from './audit-view.ts';
import { severityOfNamed, whomServerNames } from './servers.ts';
import type { CLUSTER_INFO, KUBE_PROXY_KUBECONFIG, SharedValue } from './shared-documents.ts';
import { valuesOf } from './shared-documents.ts';

/** When a server that names one machine is graver or milder than a weakness. */
export const GRADES_OF_SERVERS = 'an error where the machine does not answer or is none of this cluster, a notice where there is one control plane';

/** A complaint where a server that all machines share names one of them, or none. */
export function judgeSharedServer(view: AuditView, shared: SharedValue | undefined): readonly AuditComplaint[] {
  if (shared === undefined) return [];
  const whom = whomServerNames(view, shared.value);
  if (whom.kind !== 'one' && whom.kind !== 'nobody') return [];
  return [
    {
      evidence: [`${shared.where} is ${shared.value}: ${whom.words}`],
      severity: severityOfNamed(view, whom),
      repair: { kind: 'stable-endpoint', shared: [shared.place], nodes: [] },
    },
  ];
}

/** Servers of a kubeconfig that stands in a ConfigMap. */
export function serversIn(view: AuditView, document: typeof CLUSTER_INFO | typeof KUBE_PROXY_KUBECONFIG): readonly SharedValue[] {
  return valuesOf(view, document).filter(({ path }) => /^clusters\.\d+\.cluster\.server$/.test(path));
}
