import { hostOfServer } from '../../facts/audit/addresses.ts';
import { valueOf } from '../../facts/audit/components.ts';
import { complain, defineAuditRule } from './audit-rule.ts';
import { componentOn } from './machine.ts';
import { KUBEADM, valuesOf } from './shared-documents.ts';

/** With stacked etcd each control plane is a member; with external etcd none need be. */
export const controlPlaneWithoutMember = defineAuditRule({
  code: 'control-plane-without-member',
  severity: 'error',
  title: 'a control plane has no member in etcd',
  why: 'its API server works only as long as others lend it theirs, and one machine less may fail than there are control planes',
  fix: 'drain the node, remove it from the cluster, wipe /var/lib/etcd there, and join it anew as a control plane',
  judge: (view) => {
    const isStacked = valuesOf(view, KUBEADM).some(({ path }) => path.startsWith('etcd.local'));
    const { members } = view;
    if (!isStacked || members === undefined) return [];
    return view.controlPlanes.flatMap((machine) => {
      const name = valueOf(componentOn(machine, 'etcd'), 'name') ?? machine.name;
      const addresses = [...machine.addresses, ...(machine.node?.internalIPs ?? [])];
      const isMember = members.some((member) => member.name === name || member.peerURLs.some((url) => addresses.includes(hostOfServer(url))));
      return machine.node === undefined || isMember
        ? []
        : complain([`etcd has no member named ${name} and none at ${addresses.join(', ')}; its members are ${members.map((member) => member.name || member.id).join(', ')}`], {
            node: machine.name,
          });
    });
  },
});
