import type { ClusterFacts, EtcdMemberFact } from '../../facts/cluster-facts.ts';
import type { HostFacts } from '../../facts/host-facts.ts';
import type { InsideAnswer, InsideFacts } from '../../facts/inside/inside-facts.ts';
import type { ApiAnswer, ProxyFact, ReachFacts } from '../../facts/inside/reach-facts.ts';
import { foreign } from '../../model/foreign.ts';
import { known } from '../../plan/fact.ts';
import type { VerifyInput } from '../verify/verify-input.ts';
import { healthyClusterFacts, healthyInput, healthyInside, healthyReach, withCluster, withHost } from './healthy-snapshot.ts';

/** `from` replaced by `to` in the text of one file of the host. */
export function withFileText(node: string, path: string, from: string, to: string): VerifyInput {
  return withHost(node, ({ files }) => {
    const file = files[path];
    if (file?.type !== 'file' || file.text?.includes(from) !== true) throw new Error(`${path} of ${node} does not hold ${from}`);
    return { files: { ...files, [path]: { ...file, text: file.text.replaceAll(from, to) } } };
  });
}

/** `from` replaced by `to` in the arguments of one process of the host. */
export function withArgument(node: string, process: string, from: string, to: string): VerifyInput {
  return withHost(node, ({ processes }) => ({
    processes: processes.map((running) => (running.name === process ? { ...running, args: running.args.map((arg) => arg.replaceAll(from, to)) } : running)),
  }));
}

export function withCertificate(node: string, path: string, change: Partial<HostFacts['certificates'][string]>): VerifyInput {
  return withHost(node, ({ certificates }) => {
    const certificate = certificates[path];
    if (certificate === undefined) throw new Error(`${node} has no ${path}`);
    return { certificates: { ...certificates, [path]: { ...certificate, ...change } } };
  });
}

export function withKubeconfig(node: string, path: string, server: string): VerifyInput {
  return withHost(node, ({ kubeconfigs }) => ({ kubeconfigs: { ...kubeconfigs, [path]: { ...kubeconfigs[path], server } } }));
}

function members(): readonly EtcdMemberFact[] {
  const { etcdMembers } = healthyClusterFacts;
  if (etcdMembers.state !== 'known') throw new Error('the healthy cluster knows its members');
  return etcdMembers.value;
}

export function withMember(name: string, change: Partial<EtcdMemberFact>): VerifyInput {
  return withCluster({ etcdMembers: known(members().map((member) => (member.name === name ? { ...member, ...change } : member))) });
}

export function withoutMember(name: string): VerifyInput {
  return withCluster({ etcdMembers: known(members().filter((member) => member.name !== name)) });
}

export function withNode(name: string, change: Partial<ClusterFacts['nodes'][string]>): VerifyInput {
  const node = healthyClusterFacts.nodes[name];
  if (node === undefined) throw new Error(`no node ${name}`);
  return withCluster({ nodes: { ...healthyClusterFacts.nodes, [name]: { ...node, ...change } } });
}

export function withConfigMap(name: string, key: string, text: string): VerifyInput {
  return withCluster({ configMaps: { ...healthyClusterFacts.configMaps, [name]: { ...healthyClusterFacts.configMaps[name], [key]: foreign(text) } } });
}

function withReach(node: string, change: Partial<ReachFacts>): VerifyInput {
  return { ...healthyInput, reach: { ...healthyInput.reach, [node]: known({ ...healthyReach, ...change }) } };
}

export function withApi(asker: string, controlPlane: string, answer: ApiAnswer): VerifyInput {
  return withReach(asker, { apis: { ...healthyReach.apis, [controlPlane]: known(answer) } });
}

export function withProxy(node: string, proxy: ProxyFact): VerifyInput {
  return withReach(node, { proxy: known(proxy) });
}

export function withInside(change: Partial<InsideFacts>): VerifyInput {
  return { ...healthyInput, inside: known({ ...healthyInside, ...change }) };
}

/** The answers of a node's probe pod to one kind of question went wrong. */
export function withWrongAnswers(node: string, isWrong: (question: InsideAnswer['question']) => boolean): VerifyInput {
  const answers = healthyInside.answers[node];
  if (answers?.state !== 'known') throw new Error(`no answers of ${node}`);
  const changed = answers.value.map((answer) => (isWrong(answer.question) ? { ...answer, isRight: false, detail: 'no answer in time' } : answer));
  return withInside({ answers: { ...healthyInside.answers, [node]: known(changed) } });
}
