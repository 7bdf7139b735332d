import { complain, defineAuditRule } from './audit-rule.ts';

/** L24: addresses of control planes or etcd that somebody once wrote down for metrics. */
export const manualEndpointsStale = defineAuditRule({
  code: 'manual-endpoints-stale',
  severity: 'warning',
  title: 'a service in kube-system leads to a list of machines that nobody keeps',
  why: 'what asks that service, mostly monitoring, waits for a machine that is gone, or never learns of those that came later',
  fix: 'correct the endpoints of the service named, or give the service a selector',
  judge: (view) => {
    const { departed } = view;
    return (view.cluster?.manualEndpoints ?? []).flatMap(({ name, addresses }) => {
      const listed = view.controlPlanes.filter((machine) => machine.addresses.some((address) => addresses.includes(address)));
      const gone = addresses.filter((address) => departed.has(address));
      const missing = listed.length < 2 ? [] : view.controlPlanes.filter((machine) => !listed.includes(machine) && machine.node?.isReady === true);
      return complain([
        ...gone.map((address) => `EndpointSlice kube-system/${name} holds ${address}, the address of no machine of this cluster`),
        ...missing.map((machine) => `EndpointSlice kube-system/${name} lists ${listed.map((each) => each.name).join(', ')} and not ${machine.name}`),
      ]);
    });
  },
});
