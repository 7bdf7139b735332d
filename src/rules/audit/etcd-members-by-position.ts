import { hostOfServer } from '../../facts/audit/addresses.ts';
import { complain, defineAuditRule } from './audit-rule.ts';

const NUMBERED = /^(.*?)(\d+)$/;

/** L19. */
export const etcdMembersByPosition = defineAuditRule({
  code: 'etcd-members-by-position',
  severity: 'notice',
  title: 'etcd members are named by their position in a list',
  why: 'a deployer that numbers members by the order of its inventory renames them when the order changes: a member that is added may get the name of one that is there',
  fix: 'nothing is needed as long as the order of the inventory stays; fix the name of each member there before a machine is added or removed',
  judge: ({ members, machines }) => {
    const named = (members ?? []).flatMap(({ name, peerURLs }) => {
      const machine = machines.find(({ addresses }) => peerURLs.some((url) => addresses.includes(hostOfServer(url))));
      return machine === undefined || machine.name === name || !NUMBERED.test(name) ? [] : [{ member: name, machine: machine.name, stem: NUMBERED.exec(name)?.[1] }];
    });
    const isNumbered = named.length > 1 && named.length === members?.length && new Set(named.map(({ stem }) => stem)).size === 1;
    return complain(
      isNumbered
        ? [
            `members ${named
              .map(({ member, machine }) => `${member} on ${machine}`)
              .sort()
              .join(', ')}`,
          ]
        : [],
    );
  },
});
