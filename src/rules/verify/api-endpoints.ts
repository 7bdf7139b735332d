import { complainOf, defineRule, judgeSeen } from '../rule.ts';
import { controlPlanesOf } from './expected-cluster.ts';
import type { VerifyInput, VerifyRule } from './verify-input.ts';

/** With `api-endpoint-missing` of each node: the endpoints of the service `kubernetes` are the control planes, no more and no less. */
export const apiEndpoints: VerifyRule = defineRule({
  code: 'api-endpoint-foreign',
  title: 'the service kubernetes has an endpoint that is no control plane',
  why: 'a part of what pods ask of the API goes to an address where no API server of this cluster is, and hangs',
  fix: 'find the API server that advertises it: its --advertise-address; of one that is gone, the address leaves by itself within a minute',
  judge: ({ snapshot, expected }: VerifyInput) =>
    judgeSeen(snapshot.cluster, { what: 'endpoints of the service kubernetes' }, (cluster) => {
      const own = controlPlanesOf(expected).map(({ address }) => address);
      return complainOf(
        cluster.apiEndpoints.filter((address) => !own.includes(address)).map((address) => `endpoints of default/kubernetes hold ${address}, the address of no control plane`),
      );
    }),
});
