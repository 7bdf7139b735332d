import { valueOf } from '../../facts/audit/components.ts';
import type { AuditComplaint } from './audit-rule.ts';
import { complain, defineAuditRule } from './audit-rule.ts';
import type { AuditView } from './audit-view.ts';
import { componentOn } from './machine.ts';
import { sharedByMachines } from './same-identity.ts';

/** What members must have for themselves: as etcd knows them, and as they are started. */
export const sameEtcdIdentity = defineAuditRule({
  code: 'same-etcd-identity',
  severity: 'error',
  title: 'two etcd members have one name or one peer URL',
  why: 'members are told by name when they start and dialled by their peer URL: the second is taken for the first, and one of them does not come back from its next restart',
  fix: 'remove one of the two members with etcdctl member remove, empty its data, and add it anew under a name and URL of its own',
  judge: (view) => {
    const listed = listedTwice(view);
    // What the list of members tells is not told again from the processes.
    return listed.length > 0 ? listed : startedTwice(view);
  },
});

function listedTwice({ members = [] }: AuditView): readonly AuditComplaint[] {
  const names = members.map(({ name }) => name).filter((name, index, all) => name !== '' && all.indexOf(name) !== index);
  const urls = members.flatMap(({ peerURLs }) => peerURLs).filter((url, index, all) => all.indexOf(url) !== index);
  return complain([...names.map((name) => `two members are called ${name}`), ...urls.map((url) => `two members have the peer URL ${url}`)]);
}

function startedTwice(view: AuditView): readonly AuditComplaint[] {
  const of = (flag: string) =>
    sharedByMachines(view, `etcd --${flag}`, (machine) => {
      const value = valueOf(componentOn(machine, 'etcd'), flag);
      return value === undefined ? [] : [value];
    });
  return [...of('name'), ...of('initial-advertise-peer-urls')];
}
