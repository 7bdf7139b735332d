import type { AuditSnapshot } from '../../../facts/audit/audit-snapshot.ts';
import { unknown } from '../../../plan/fact.ts';
import { changed, cluster, members } from '../../../rules/testing/audit-changes.ts';

/** A machine that answers nobody who asks over SSH; what runs on it runs on. */
export function refusingLogin(audited: AuditSnapshot, name: string, why = 'it refuses the login'): AuditSnapshot {
  return { ...audited, machines: audited.machines.map((machine) => (machine.name === name ? { ...machine, facts: { state: 'unreachable', why } } : machine)) };
}

/** A machine that is off: its node, its etcd member and its place in the service `kubernetes` are seen from the others. */
export function poweredOff(audited: AuditSnapshot, name: string): AuditSnapshot {
  return changed(refusingLogin(audited, name, 'it does not answer'), (draft) => {
    const node = cluster(draft).nodes[name];
    if (node === undefined) throw new Error(`no node ${name}`);
    node.isReady = false;
    for (const member of members(draft)) if (member.name === name) member.isHealthy = false;
    cluster(draft).apiEndpoints = cluster(draft).apiEndpoints.filter((address) => !node.internalIPs.includes(address));
  });
}

/** Machines that all answer, and no API server on any of them. */
export function withoutApi(audited: AuditSnapshot): AuditSnapshot {
  return { ...audited, cluster: unknown('connection refused') };
}
