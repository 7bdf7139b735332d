import type { HostFacts } from '../../facts/host-facts.ts';
import type { Verdict } from '../rule.ts';
import { complainOf } from '../rule.ts';
import type { ExpectedNode } from './expected-cluster.ts';
import { defineIdentityRule, onHost } from './identity-rule.ts';

const HOSTS_FILE = '/etc/hosts';
const LOOPBACK = '127.0.0.1';
/** First line of the hosts file that the kubelet writes for a pod on the host's network (kubelet_pods.go); other pods do not have the host's entries. */
const HOST_NETWORK_HEADER = '# Kubernetes-managed hosts file (host network)';

/** Addresses that a hosts file gives a name. */
function addressesOf(host: string, text: string): readonly string[] {
  return text.split('\n').flatMap((line) => {
    const [address = '', ...names] = (line.split('#')[0] ?? '').trim().split(/\s+/);
    return names.includes(host) ? [address] : [];
  });
}

function judgeHosts(where: string, text: string, host: string): readonly string[] {
  const found = addressesOf(host, text);
  return found.length > 0 && found.every((address) => address === LOOPBACK) ? [] : [`${host} is ${found.join(' and ') || 'absent'} in ${where}, expected ${LOOPBACK}`];
}

function judgePods({ podHosts }: HostFacts, host: string): readonly string[] {
  return Object.entries(podHosts).flatMap(([uid, text]) => (text.startsWith(HOST_NETWORK_HEADER) ? judgeHosts(`the hosts file of pod ${uid}`, text, host) : []));
}

function judgeNodeFiles(facts: HostFacts, node: ExpectedNode, host: string): readonly Verdict[] {
  const file = facts.files[HOSTS_FILE];
  if (file?.type !== 'file' || file.text === undefined) return [{ node: node.name, what: HOSTS_FILE, why: 'its text was not read' }];
  return complainOf([...judgeHosts(HOSTS_FILE, file.text, host), ...judgePods(facts, host)], { node: node.name });
}

/** The endpoint's name is this machine itself, for the host and for pods on its network. */
export const endpointName = defineIdentityRule({
  code: 'endpoint-name',
  title: "the API endpoint's name does not lead to the node's own proxy",
  why: "kubelet, kube-proxy and kubectl of the node reach the API through that name: without it, or with one machine's address, the node loses the API with that machine",
  fix: 'give the name the address 127.0.0.1 in /etc/hosts, and delete the pods named so that they are made again with it',
  probes: () => [{ probe: 'file', path: HOSTS_FILE, text: true }],
  judgeNode: (node, input) => onHost(node, input, 'hosts files', (facts) => judgeNodeFiles(facts, node, input.expected.endpoint.host)),
});
