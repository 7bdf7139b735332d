import { complain, defineAuditRule } from './audit-rule.ts';
import { advertisesForeign } from './advertise-address-foreign.ts';
import { sharedAdvertiseAddress } from './shared-advertise-address.ts';

/** Endpoints that belong to no control plane; what an API server of this cluster advertises wrongly is told by its own rule. */
export const kubernetesEndpointsForeign = defineAuditRule({
  code: 'kubernetes-endpoints-foreign',
  severity: 'error',
  title: 'the service kubernetes has an endpoint that is no control plane',
  why: 'a part of what pods ask of the API goes to an address where no API server of this cluster is, and hangs',
  fix: 'find the API server that advertises the address; of one that is gone it leaves by itself within a minute, unless the API servers run with another --endpoint-reconciler-type than lease',
  judge: (view) => {
    if (view.cluster === undefined || sharedAdvertiseAddress(view) !== undefined || view.controlPlanes.some((machine) => advertisesForeign(machine))) return [];
    const own = view.controlPlanes.flatMap(({ addresses, node }) => [...addresses, ...(node?.internalIPs ?? [])]);
    return complain(
      view.cluster.apiEndpoints.filter((address) => !own.includes(address)).map((address) => `endpoints of default/kubernetes hold ${address}, the address of no control plane`),
    );
  },
});
