import { known, unknown } from '../../plan/fact.ts';
import type { Fact } from '../../plan/fact.ts';
import type { LaneId } from '../../plan/plan.ts';
import { OWN_API_SERVER, etcdctl, kubectl } from '../../shell/kubectl.ts';
import type { ClusterFacts } from '../cluster-facts.ts';
import { sectionScript } from '../section-script.ts';
import type { NodeJson, SliceJson } from './parse-cluster.ts';
import { etcdMembers, nodeFact, readyAddresses } from './parse-cluster.ts';
import { linesOf, sectionsOf } from './sections.ts';

/** What of the cluster a status shows: a part of what planning needs, and answered sooner. */
export type StatusView = Pick<ClusterFacts, 'via' | 'version' | 'nodes' | 'apiEndpoints' | 'etcdMembers'>;

/** A person waits: a member that has not answered by then is told as not healthy. */
const ETCD_TIMEOUT = '--command-timeout=2s';
const raw = (path: string): string => kubectl('--request-timeout=4s', 'get', '--raw', path);
const members = (...words: readonly string[]): string => etcdctl(ETCD_TIMEOUT, '-w', 'json', ...words);

/** The script that reads it through one control plane. */
export function statusScript(): string {
  const sections = [
    { name: 'version', shell: raw('/version') },
    { name: 'nodes', shell: raw('/api/v1/nodes') },
    { name: 'slices', shell: raw('/apis/discovery.k8s.io/v1/namespaces/default/endpointslices?labelSelector=kubernetes.io%2Fservice-name%3Dkubernetes') },
    { name: 'members', shell: members('member', 'list') },
    { name: 'health', shell: members('endpoint', 'health', '--cluster') },
    { name: 'status', shell: members('endpoint', 'status', '--cluster') },
  ];
  return `${OWN_API_SERVER}\n${sectionScript(sections)}`;
}

/** What one control plane answered to `statusScript`; unknown with the reason where its API server did not answer. */
export function parseStatusView(answer: string, via: LaneId): Fact<StatusView> {
  try {
    const sections = sectionsOf(answer);
    const failed = ['version', 'nodes', 'slices'].find((name) => sections.get(`${name}.exit`)?.trim() !== '0');
    if (failed !== undefined) return unknown(`${via}: ${linesOf(sections.get(`${failed}.error`) ?? '').at(-1) ?? `reading ${failed} failed`}`);
    const json = <T>(name: string): T => JSON.parse(sections.get(name) ?? '') as T;
    const list = <T>(name: string): readonly T[] => json<{ items?: readonly T[] }>(name).items ?? [];
    return known({
      via,
      version: json<{ gitVersion: string }>('version').gitVersion,
      nodes: Object.fromEntries(list<NodeJson>('nodes').map((node) => [node.metadata.name, nodeFact(node)])),
      apiEndpoints: list<SliceJson>('slices').flatMap(readyAddresses).sort(),
      etcdMembers: etcdMembers(sections),
    });
  } catch (error) {
    // Objects of another shape than the API's: nothing of such an answer is believed.
    return unknown(`${via}: its answer cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}
