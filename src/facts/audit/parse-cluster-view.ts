import { known, unknown } from '../../plan/fact.ts';
import type { Fact } from '../../plan/fact.ts';
import type { NodeJson, SliceJson, WorkloadJson } from '../observe/parse-cluster.ts';
import { configMapsOf, etcdMembers, nodeFact, readyAddresses, workloadFact } from '../observe/parse-cluster.ts';
import { decodeBase64, fieldsOf, linesOf, sectionsOf } from '../observe/sections.ts';
import { sectionAnswer } from '../section-script.ts';
import { RESTART_DUE_ANNOTATION } from '../cluster-facts.ts';
import { answersOf } from './ask-servers.ts';
import type { ClusterView, ManualEndpoints, PodView, TokenView, WorkloadView } from './cluster-view.ts';
import { isProxyVariable, withoutCredentials } from './proxy-variables.ts';

interface ManualSliceJson extends SliceJson {
  readonly metadata: { readonly name: string };
}

const NEEDED = ['version', 'nodes', 'system', 'public', 'slices', 'manual', 'deployments', 'daemonsets', 'pods'];

/** What one control plane answered to `clusterViewScript`; unknown with the reason where its API server did not answer. Throws for what is no answer. */
export function parseClusterView(answer: string, via: string): Fact<ClusterView> {
  const sections = sectionsOf(answer);
  const refused = sections.get('refused');
  if (refused !== undefined) return unknown(`${via}: ${linesOf(refused).at(-1) ?? 'its API server gave no answer'}`);
  const failed = NEEDED.find((name) => sectionAnswer(sections, name)?.exitCode !== 0);
  if (failed !== undefined) return unknown(`${via}: ${sectionAnswer(sections, failed)?.complaint || `reading ${failed} failed`}`);
  const json = <T>(name: string): T => JSON.parse(sections.get(name) ?? '') as T;
  const list = <T>(name: string): readonly T[] => json<{ items?: readonly T[] }>(name).items ?? [];
  const pods = linesOf(sections.get('pods') ?? '');
  const workloads = [
    ...list<WorkloadJson>('deployments').map((item) => ({ ...item, kind: 'Deployment' })),
    ...list<WorkloadJson>('daemonsets').map((item) => ({ ...item, kind: 'DaemonSet' })),
  ];
  return known({
    via,
    version: json<{ gitVersion: string }>('version').gitVersion,
    nodes: Object.fromEntries(list<NodeJson>('nodes').map((node) => [node.metadata.name, nodeFact(node)])),
    configMaps: Object.fromEntries([...configMapsOf(sections.get('system')), ...configMapsOf(sections.get('public'))]),
    apiEndpoints: list<SliceJson>('slices').flatMap(readyAddresses).sort(),
    etcdMembers: sections.has('members') ? etcdMembers(sections) : unknown('the API server does not say with which certificate etcd is asked'),
    workloads: Object.fromEntries(workloads.map((workload) => [`kube-system/${workload.kind}/${workload.metadata.name}`, workloadView(workload, pods)])),
    pods: pods.map(podView),
    manualEndpoints: list<ManualSliceJson>('manual').map(manualEndpoints),
    answers: answersOf(linesOf(sections.get('servers') ?? '').map((line) => fieldsOf(line, 3))),
    tokens: tokensOf(sections),
  });
}

function workloadView(workload: WorkloadJson, pods: readonly string[]): WorkloadView {
  const { annotations, ...fact } = workloadFact(workload, pods);
  const containers = workload.spec.template?.spec?.containers ?? [];
  const environment = containers.flatMap(({ env }) =>
    (env ?? []).filter(({ name }) => isProxyVariable(name)).map(({ name, value }) => ({ name, value: withoutCredentials(value ?? '') })),
  );
  const { [RESTART_DUE_ANNOTATION]: restartDue } = annotations;
  const args = [...(containers[0]?.command ?? []), ...(containers[0]?.args ?? [])];
  return { ...fact, labels: workload.metadata.labels ?? {}, args, environment, ...(restartDue !== undefined && { restartDue }) };
}

function podView(line: string): PodView {
  const [, , , node = '', , name = '', hostIP = ''] = fieldsOf(line, 7);
  return { name, node, hostIP };
}

function manualEndpoints({ metadata, endpoints }: ManualSliceJson): ManualEndpoints {
  return { name: metadata.name, addresses: (endpoints ?? []).flatMap(({ addresses }) => addresses) };
}

function tokensOf(sections: ReadonlyMap<string, string>): Fact<readonly TokenView[]> {
  const answer = sectionAnswer(sections, 'tokens');
  if (answer?.exitCode !== 0) return unknown(answer?.complaint ?? 'they were not asked for');
  return known(
    linesOf(answer.output).map((line) => {
      const [id = '', description = '', expires = ''] = fieldsOf(line, 3).map(decodeBase64);
      return { id, description, expires: expires === '' ? undefined : expires };
    }),
  );
}
