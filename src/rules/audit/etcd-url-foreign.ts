import { hostOfServer, isNeutralHost } from '../../facts/audit/addresses.ts';
import { settingOf } from '../../facts/audit/components.ts';
import { complain, defineAuditRule } from './audit-rule.ts';
import type { AuditView } from './audit-view.ts';
import { componentOn, seenMachines } from './machine.ts';
import { sharedArgs } from './shared-documents.ts';

const FLAGS = ['advertise-client-urls', 'initial-advertise-peer-urls'];

/** The URLs by which a member lets itself be reached, proven on the interfaces of its machine, and what etcd knows of it. */
export const etcdUrlForeign = defineAuditRule({
  code: 'etcd-url-foreign',
  severity: 'error',
  title: "an etcd member is known by an address that is not its machine's",
  why: 'the other members and the API servers dial that address: this member does not hear them, and counts as lost though it runs',
  fix: 'correct the peer URL with etcdctl member update ID --peer-urls=https://ADDRESS:2380, and the flags in the manifest or environment file named, then let the member restart',
  judge: (view) => {
    const shared = new Set(sharedArgs(view, 'etcd.local').map(({ flag }) => flag));
    return seenMachines(view).flatMap((machine) => {
      const own = machine.facts.interfaces.flatMap(({ addresses }) => addresses);
      const component = componentOn(machine, 'etcd');
      const foreign = (urls: readonly string[]): readonly string[] => urls.filter((url) => !own.includes(hostOfServer(url)) && !isNeutralHost(hostOfServer(url)));
      const flags = FLAGS.filter((flag) => !shared.has(flag)).flatMap((flag) => {
        const setting = settingOf(component, flag);
        return setting === undefined
          ? []
          : foreign(setting.value.split(',')).map((url) => `${setting.where}: --${flag} holds ${url}; the machine has ${machine.addresses.join(', ')}`);
      });
      const listed =
        flags.length > 0
          ? []
          : listedUrls(view, settingOf(component, 'name')?.value).flatMap(({ kind, url }) =>
              foreign([url]).length > 0 ? [`etcd knows the ${kind} URL ${url} of its member; the machine has ${machine.addresses.join(', ')}`] : [],
            );
      return complain([...flags, ...listed], { node: machine.name });
    });
  },
});

/** URLs under which etcd lists a member; of members that share a name nobody can tell whose they are. */
function listedUrls({ members = [] }: AuditView, name: string | undefined): readonly { readonly kind: string; readonly url: string }[] {
  const [member, ...others] = members.filter((candidate) => candidate.name === name);
  if (name === undefined || member === undefined || others.length > 0) return [];
  return [...member.peerURLs.map((url) => ({ kind: 'peer', url })), ...member.clientURLs.map((url) => ({ kind: 'client', url }))];
}
