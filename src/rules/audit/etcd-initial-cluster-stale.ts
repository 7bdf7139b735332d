import { hostOfServer } from '../../facts/audit/addresses.ts';
import { settingOf } from '../../facts/audit/components.ts';
import { complain, defineAuditRule } from './audit-rule.ts';
import { componentOn, seenMachines } from './machine.ts';
import { initialCluster } from './departed.ts';

/** A value that etcd reads only when it starts without data: what it names must then be the truth. */
export const etcdInitialClusterStale = defineAuditRule({
  code: 'etcd-initial-cluster-stale',
  severity: 'notice',
  title: 'the initial cluster of an etcd member names members that are gone',
  why: 'etcd does not read it while it has its data; a member that lost its data and is started again with this list refuses to start, or waits for the one that is gone',
  fix: 'nothing is needed while the member has its data; whoever adds it anew gives it the list that etcdctl member add prints',
  judge: (view) => {
    const { members } = view;
    if (members === undefined) return [];
    const peers = members.flatMap(({ peerURLs }) => peerURLs.map(hostOfServer));
    const isOfMachine = (host: string): boolean => view.machines.some(({ addresses }) => addresses.includes(host));
    const evidence = seenMachines(view).flatMap((machine) => {
      const setting = settingOf(componentOn(machine, 'etcd'), 'initial-cluster');
      const gone = initialCluster(setting?.value).filter(
        ({ name, url }) => !peers.includes(hostOfServer(url)) && !members.some((member) => member.name === name) && !isOfMachine(hostOfServer(url)),
      );
      return setting === undefined || gone.length === 0
        ? []
        : [`${machine.name}: ${setting.where}: holds ${gone.map(({ name, url }) => `${name}=${url}`).join(', ')}, where no member is`];
    });
    return complain(evidence);
  },
});
