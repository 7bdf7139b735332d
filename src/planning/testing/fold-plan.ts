import { parse } from 'yaml';
import { kindOf } from '../../actions/kinds.ts';
import type { FileFact, HostFacts } from '../../facts/host-facts.ts';
import { API_PROXY_CA } from '../files/api-proxy.ts';
import { CLUSTER_CA } from '../../facts/kubernetes-paths.ts';
import type { Snapshot } from '../../facts/snapshot.ts';
import { hostOf } from '../../facts/snapshot.ts';
import { foreignObjects } from '../../model/foreign.ts';
import { known, unknown } from '../../plan/fact.ts';
import type { LaneId } from '../../plan/plan.ts';
import { sha256 } from '../../util/sha256.ts';
import type { DeployPlan, DeployStep } from '../step-types.ts';
import { sharedBytes } from './plan-bytes.ts';

/** The facts that the steps leave, by what their actions predict: a run in which everything succeeds. Steps come after what they need. */
export function foldPlan({ steps, texts }: Pick<DeployPlan, 'steps' | 'texts'>, before: Snapshot): Snapshot {
  const after = withConfigMaps(steps.reduce(foldStep, before), { steps, texts });
  return withFiles(after, (_path, file) => {
    const text = file.type === 'file' ? texts[file.sha256] : undefined;
    return file.type === 'file' && text !== undefined ? { ...file, text } : file;
  });
}

function foldStep({ hosts, cluster }: Snapshot, { on, actions }: DeployStep): Snapshot {
  const lane = 'lane' in on ? on.lane : undefined;
  const view = { host: lane === undefined ? unknown('any control plane') : hostOf({ hosts, cluster }, lane), cluster };
  const after = actions.reduce((facts, { action }) => kindOf(action).predict(facts), view);
  return { hosts: lane === undefined ? hosts : { ...hosts, [lane]: after.host }, cluster: after.cluster };
}

interface Document {
  readonly kind: string;
  readonly metadata?: { readonly name: string; readonly namespace?: string };
  readonly data?: Readonly<Record<string, string>>;
}

/** The ConfigMaps that the plan applies, and the one in which kubeadm keeps what it was given. */
function withConfigMaps(snapshot: Snapshot, { steps, texts }: Pick<DeployPlan, 'steps' | 'texts'>): Snapshot {
  if (snapshot.cluster.state !== 'known') return snapshot;
  const configMaps = sharedBytes({ steps, texts })
    .split('---\n')
    .flatMap((text): readonly (readonly [string, Readonly<Record<string, string>>])[] => {
      const document = parse(text) as Document | null;
      if (document?.kind === 'ConfigMap') return [[`${document.metadata?.namespace}/${document.metadata?.name}`, document.data ?? {}]];
      return document?.kind === 'ClusterConfiguration' ? [['kube-system/kubeadm-config', { ClusterConfiguration: text }]] : [];
    });
  const { value } = snapshot.cluster;
  return { ...snapshot, cluster: known({ ...value, configMaps: { ...value.configMaps, ...foreignObjects(Object.fromEntries(configMaps)) } }) };
}

/** The bytes that a run would have made up: the cluster's authority, the same on all hosts, and files of kubeadm. */
const AUTHORITY = 'certificate authority of this cluster\n';

function bytesOf(path: string): FileFact {
  const text = path === CLUSTER_CA || path === API_PROXY_CA ? AUTHORITY : `made by a run: ${path}`;
  return { type: 'file', sha256: sha256(text), sizeBytes: text.length, mode: path === API_PROXY_CA || path === CLUSTER_CA ? '644' : '600', owner: 'root:root', text };
}

/** Predicted facts as an observation would show them afterwards: what was known only after a step has bytes. */
export function settle(snapshot: Snapshot): Snapshot {
  return withFiles(snapshot, (path, file) => (file.type === 'later' ? bytesOf(path) : file));
}

function withFiles({ hosts, cluster }: Snapshot, change: (path: string, file: FileFact) => FileFact): Snapshot {
  const changed = (facts: HostFacts): HostFacts => ({ ...facts, files: Object.fromEntries(Object.entries(facts.files).map(([path, file]) => [path, change(path, file)])) });
  return { cluster, hosts: Object.fromEntries(Object.entries(hosts).map(([lane, fact]) => [lane as LaneId, fact.state === 'known' ? known(changed(fact.value)) : fact])) };
}
