import { ADMIN_CONF, KUBELET_CONF, KUBERNETES_DIR } from '../../facts/kubernetes-paths.ts';
import type { HostFacts } from '../../facts/host-facts.ts';
import { complainOf } from '../rule.ts';
import type { ExpectedCluster, ExpectedNode } from './expected-cluster.ts';
import { endpointServer, ownServer } from './expected-cluster.ts';
import { defineIdentityRule, onHost } from './identity-rule.ts';

const CONTROLLER_MANAGER_CONF = `${KUBERNETES_DIR}/controller-manager.conf`;
const SCHEDULER_CONF = `${KUBERNETES_DIR}/scheduler.conf`;

/** Kubeconfigs of a node of this role. */
export function kubeconfigsOf(role: ExpectedNode['role']): readonly string[] {
  return role === 'worker' ? [KUBELET_CONF] : [ADMIN_CONF, CONTROLLER_MANAGER_CONF, KUBELET_CONF, SCHEDULER_CONF];
}

/** kubeadm points what runs beside an API server to that one, everything else to the endpoint. */
function expectedServer(path: string, node: ExpectedNode, expected: ExpectedCluster): string {
  return node.role === 'worker' || path === ADMIN_CONF ? endpointServer(expected) : ownServer(node);
}

function judgeKubeconfig(path: string, { kubeconfigs }: HostFacts, node: ExpectedNode, expected: ExpectedCluster): readonly string[] {
  const found = kubeconfigs[path]?.server ?? 'absent';
  const server = expectedServer(path, node, expected);
  return found === server ? [] : [`server in ${path} is ${found}, expected ${server}`];
}

/** The server that each kubeconfig of a node names. */
export const kubeconfigServer = defineIdentityRule({
  code: 'kubeconfig-server',
  title: 'a kubeconfig of the node names the wrong API server',
  why: 'what uses it depends on one machine that is not its own: when that one is down, moved or removed, this node goes with it',
  fix: 'correct the server in the file named and restart what uses it (kubelet, or the static pod)',
  probes: ({ role }) => kubeconfigsOf(role).map((path) => ({ probe: 'kubeconfig', path }) as const),
  judgeNode: (node, input) =>
    onHost(node, input, 'kubeconfigs', (host) =>
      complainOf(
        kubeconfigsOf(node.role).flatMap((path) => judgeKubeconfig(path, host, node, input.expected)),
        { node: node.name },
      ),
    ),
});
