import type { AuditSnapshot } from '../../facts/audit/audit-snapshot.ts';
import type { ClusterView } from '../../facts/audit/cluster-view.ts';
import type { MachineFacts, StaticPod } from '../../facts/audit/machine-facts.ts';
import type { EtcdMemberFact } from '../../facts/cluster-facts.ts';
import { foreign as foreignText } from '../../model/foreign.ts';
import { kubespray, ourCluster } from './audit-healthy.ts';

type Draft<T> = T extends (...args: never) => unknown ? T : T extends string ? T : T extends object ? { -readonly [K in keyof T]: Draft<T[K]> } : T;
export type SnapshotDraft = Draft<AuditSnapshot>;

/** A snapshot with something changed. */
export function changed(base: AuditSnapshot, change: (draft: SnapshotDraft) => void): AuditSnapshot {
  const draft = structuredClone(base) as SnapshotDraft;
  change(draft);
  return draft;
}

/** Our healthy cluster of three control planes and a worker, with something changed. */
export const broken = (change: (draft: SnapshotDraft) => void): AuditSnapshot => changed(ourCluster(3, 1), change);

/** The healthy cluster of Kubespray's, with something changed. */
export const foreign = (change: (draft: SnapshotDraft) => void): AuditSnapshot => changed(kubespray('healthy'), change);

export function on(draft: SnapshotDraft, name: string): Draft<MachineFacts> {
  const machine = draft.machines.find((candidate) => candidate.name === name);
  if (machine?.facts.state !== 'known') throw new Error(`no machine ${name}`);
  return machine.facts.value;
}

export function cluster(draft: SnapshotDraft): Draft<ClusterView> {
  if (draft.cluster.state !== 'known') throw new Error('the cluster is not known');
  return draft.cluster.value;
}

export function members(draft: SnapshotDraft): Draft<readonly EtcdMemberFact[]> {
  const { etcdMembers } = cluster(draft);
  if (etcdMembers.state !== 'known') throw new Error('the members are not known');
  return etcdMembers.value;
}

export function manifest(draft: SnapshotDraft, node: string, component: string): Draft<StaticPod> {
  const found = on(draft, node).manifests.find((candidate) => candidate.type === 'pod' && candidate.component === component);
  if (found?.type !== 'pod') throw new Error(`${node} has no manifest of ${component}`);
  return found;
}

/** A flag of a component, in its manifest and in what runs; `undefined` takes it out. */
export function setFlag(draft: SnapshotDraft, node: string, [component, flag]: readonly [component: string, flag: string], value: string | undefined): void {
  const facts = on(draft, node);
  const word = `--${flag}=${value ?? ''}`;
  const isIt = (text: string): boolean => text.startsWith(`--${flag}=`);
  for (const process of facts.processes.filter((each) => each.component === component)) {
    const kept = process.args.filter((arg) => !isIt(arg));
    process.args = value === undefined ? kept : [...kept, word];
  }
  for (const pod of facts.manifests) {
    if (pod.type !== 'pod' || pod.component !== component) continue;
    const line = pod.args.find(({ text }) => isIt(text))?.line ?? 99;
    const kept = pod.args.filter(({ text }) => !isIt(text));
    pod.args = value === undefined ? kept : [...kept, { text: word, line }];
  }
}

export function setConfigMap(draft: SnapshotDraft, [configMap, key]: readonly [configMap: string, key: string], change: (text: string) => string): void {
  const data = cluster(draft).configMaps[configMap];
  const text = data?.[key];
  if (data === undefined || text === undefined) throw new Error(`no ${configMap} ${key}`);
  const to = change(text);
  if (foreignText(to) === text) throw new Error(`${configMap} ${key} did not change`);
  data[key] = foreignText(to);
}

export const KUBEADM_CONFIG = ['kube-system/kubeadm-config', 'ClusterConfiguration'] as const;
export const KUBELET_CONFIG_MAP = ['kube-system/kubelet-config', 'kubelet'] as const;
export const KUBE_PROXY_CONFIG = ['kube-system/kube-proxy', 'config.conf'] as const;

/** An extra argument in ClusterConfiguration. */
export function setSharedArg(draft: SnapshotDraft, flag: string, value: string): void {
  setConfigMap(draft, KUBEADM_CONFIG, (text) => text.replace('apiServer: {}', `apiServer:\n  extraArgs:\n  - name: ${flag}\n    value: ${value}`));
}
