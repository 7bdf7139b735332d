import type { HostFacts } from '../../facts/host-facts.ts';
import type { Verdict } from '../rule.ts';
import { complainOf, judgeSeen } from '../rule.ts';
import { flagsOf } from './component-flags.ts';
import type { ExpectedNode } from './expected-cluster.ts';
import { defineIdentityRule, onHost } from './identity-rule.ts';
import type { IdentityInput } from './verify-input.ts';

function judgeKubelet({ processes }: HostFacts, { name, address }: ExpectedNode): readonly Verdict[] {
  const kubelets = processes.filter((process) => process.name === 'kubelet');
  if (kubelets.length === 0) return complainOf(['kubelet does not run'], { node: name });
  const given = kubelets.map(({ args }) => flagsOf(args).get('node-ip')?.join(',') ?? 'absent');
  return given.includes(address) ? [] : complainOf([`kubelet --node-ip is ${given.join(' and ')}, the node's own address is ${address}`], { node: name });
}

function judgeNodeObject({ name, address }: ExpectedNode, { snapshot }: IdentityInput): readonly Verdict[] {
  return judgeSeen(snapshot.cluster, { node: name, what: 'InternalIP' }, ({ nodes }) => {
    const node = nodes[name];
    const found = node?.internalIPs.join(',') ?? '';
    // A node that is not in the cluster at all is what `node-set` tells.
    return node === undefined || found === address ? [] : complainOf([`InternalIP of the node is ${found || 'absent'}, its own address is ${address}`], { node: name });
  });
}

/** The kubelet's `--node-ip` and what the cluster knows the node by. */
export const nodeAddress = defineIdentityRule({
  code: 'node-address',
  title: 'the cluster knows the node by an address that is not its own',
  why: "logs, exec, metrics and the network plugin dial the node's InternalIP: with a wrong one they reach another machine or none",
  fix: "set --node-ip in /var/lib/kubelet/kubeadm-flags.env to the node's own address and restart the kubelet",
  judgeNode: (node, input) => [...onHost(node, input, 'arguments of the kubelet', (host) => judgeKubelet(host, node)), ...judgeNodeObject(node, input)],
});
