import { complainOf, judgeSeen } from '../rule.ts';
import { defineIdentityRule } from './identity-rule.ts';

/** Each control plane is among the endpoints of the service `kubernetes` by its own address. */
export const apiEndpointOfNode = defineIdentityRule({
  code: 'api-endpoint-missing',
  title: 'the API server of the node is not an endpoint of the service kubernetes',
  why: 'pods reach the API through that service: a control plane that is missing serves none of them, and once the others fail nobody does',
  fix: 'look at the API server of the node: kubectl -n kube-system logs kube-apiserver-NODE, and its --advertise-address',
  judgeNode: (node, { snapshot }) =>
    node.role === 'worker'
      ? []
      : judgeSeen(snapshot.cluster, { node: node.name, what: 'endpoints of the service kubernetes' }, ({ apiEndpoints }) =>
          apiEndpoints.includes(node.address)
            ? []
            : complainOf([`endpoints of default/kubernetes are ${apiEndpoints.join(', ') || 'none'}, without ${node.address}`], { node: node.name }),
        ),
});
