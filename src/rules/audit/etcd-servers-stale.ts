import { hostOfServer, isNeutralHost } from '../../facts/audit/addresses.ts';
import { settingOf } from '../../facts/audit/components.ts';
import type { EtcdMemberFact } from '../../facts/cluster-facts.ts';
import type { Severity } from '../finding.ts';
import type { AuditComplaint } from './audit-rule.ts';
import { complainBySeverity, defineAuditRule } from './audit-rule.ts';
import type { Machine } from './machine.ts';
import { componentOn } from './machine.ts';
import type { Repair } from './repair.ts';

/** L8, and what L33 makes of every API server. */
export const etcdServersStale = defineAuditRule({
  code: 'etcd-servers-stale',
  severity: 'error',
  title: 'an API server asks etcd members that are not there, or depends on one of several',
  why: 'each request that goes to a dead member waits for its time to run out, and the API server does not start when none of its list is left; with one member in the list it stops with that member',
  fix: 'write the client URLs of all members into --etcd-servers of the kube-apiserver manifest named, one control plane after another, and into etcd.external.endpoints of kubeadm-config',
  isMended: true,
  grades: 'a warning where all that it asks are members, but only one on another machine',
  judge: (view) => {
    const { members } = view;
    if (members === undefined) return [];
    const clientUrls = members.flatMap(({ clientURLs }) => clientURLs);
    const judged = view.controlPlanes.flatMap((machine) => judgeServers(machine, clientUrls, members.length));
    return complainBySeverity(judged, (some) => complaintOf(some, members));
  },
});

interface JudgedServers {
  readonly severity: Severity;
  readonly line: string;
  readonly node: string;
  readonly where: string;
  readonly value: string;
}

function judgeServers(machine: Machine, clientUrls: readonly string[], memberCount: number): readonly JudgedServers[] {
  const setting = settingOf(componentOn(machine, 'kube-apiserver'), 'etcd-servers');
  if (setting === undefined) return [];
  const hosts = new Set(clientUrls.map(hostOfServer));
  const asked = [...new Set(setting.value.split(',').map((url) => hostOfServer(url)))];
  const dead = asked.filter((host) => !hosts.has(host) && !isNeutralHost(host) && !machine.addresses.includes(host));
  const isLocal = asked.some((host) => isNeutralHost(host) || machine.addresses.includes(host));
  const base = { node: machine.name, where: setting.where, value: setting.value };
  if (dead.length > 0)
    return [{ ...base, severity: 'error', line: `${machine.name}: ${setting.where}: --etcd-servers=${setting.value} holds ${dead.join(', ')}, where no member is` }];
  if (asked.length === 1 && !isLocal && memberCount > 1)
    return [{ ...base, severity: 'warning', line: `${machine.name}: ${setting.where}: --etcd-servers=${setting.value} is one of ${memberCount} members, on another machine` }];
  return [];
}

function complaintOf(some: readonly JudgedServers[], members: readonly EtcdMemberFact[]): AuditComplaint {
  const [first, ...others] = some;
  // A learner refuses most of what an API server asks (etcd documentation, learner).
  const voters = members.filter(({ isLearner }) => !isLearner);
  const servers = [...new Set(voters.flatMap(({ clientURLs }) => clientURLs))].sort();
  // Members that advertise the address of one of them (L33) are to be mended first: written into the flags, it would be one member three times.
  const isOneForEach = servers.length >= voters.length;
  return {
    evidence: [...some.map(({ line }) => line), `client URLs of the members: ${servers.join(', ')}`],
    ...(first !== undefined && others.length === 0 && { node: first.node }),
    ...(!isOneForEach && {
      steps: ['give each etcd member its own --advertise-client-urls in its manifest, one after another, each healthy before the next', 'then run the audit again'],
    }),
    ...(isOneForEach && { repair: etcdServers(some, servers) }),
  };
}

function etcdServers(some: readonly JudgedServers[], servers: readonly string[]): Repair {
  return { kind: 'etcd-servers', servers, shared: [], nodes: some.map(({ node, where, value }) => ({ node, where, from: value, to: servers.join(',') })) };
}
