import { valueOf } from '../../facts/audit/components.ts';
import { complain, defineAuditRule } from './audit-rule.ts';
import { advertisesForeign } from './advertise-address-foreign.ts';
import { componentOn } from './machine.ts';
import { sharedAdvertiseAddress } from './shared-advertise-address.ts';

export const kubernetesEndpointsMissing = defineAuditRule({
  code: 'kubernetes-endpoints-missing',
  severity: 'error',
  title: 'an API server that runs is no endpoint of the service kubernetes',
  why: 'no pod reaches it: once the others fail nobody serves them, though it runs',
  fix: 'read its log, crictl logs of kube-apiserver: whether it reaches etcd, and what --advertise-address and --endpoint-reconciler-type say',
  judge: (view) => {
    const { cluster } = view;
    if (cluster === undefined || sharedAdvertiseAddress(view) !== undefined) return [];
    return view.controlPlanes.flatMap((machine) => {
      const component = componentOn(machine, 'kube-apiserver');
      if (component?.process === undefined || advertisesForeign(machine)) return [];
      const advertised = valueOf(component, 'advertise-address');
      const expected = advertised === undefined ? machine.addresses : [advertised];
      return expected.some((address) => cluster.apiEndpoints.includes(address))
        ? []
        : complain([`endpoints of default/kubernetes are ${cluster.apiEndpoints.join(', ') || 'none'}, without ${expected.join(', ')}`], { node: machine.name });
    });
  },
});
