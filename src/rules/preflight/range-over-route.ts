import { formatRange, parseRange, rangesOverlap } from '../../model/ranges.ts';
import { defineMachineRule } from './preflight-rule.ts';

/** Interfaces that a network plugin of Kubernetes made: their routes are the ranges. */
const OF_PODS = /^(cni|flannel|cali|cilium|kube-|veth|vxlan)/;

export const rangeOverRoute = defineMachineRule({
  code: 'range-over-route',
  severity: 'error',
  title: 'a range of the cluster overlaps a network that the machine routes elsewhere',
  why: 'packets for pods or services go there instead, or that network can no longer be reached from the machine',
  fix: 'take another range in spec.network: after the deployment it cannot change',
  judgeMachine: ({ ground: { routes } }, { wide: { network } }) =>
    (['podCIDR', 'serviceCIDR'] as const).flatMap((key) => {
      const range = parseRange(network[key]);
      return routes.flatMap((route) => {
        const other = parseRange(route.range);
        const overlaps = range !== undefined && other !== undefined && !OF_PODS.test(route.interface) && rangesOverlap(range, other);
        return overlaps ? [`${key} ${formatRange(range)} overlaps ${route.range} by ${route.interface}`] : [];
      });
    }),
});
