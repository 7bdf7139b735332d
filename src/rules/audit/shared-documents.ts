import type { ClusterView } from '../../facts/audit/cluster-view.ts';
import type { YamlLeaf } from '../../facts/audit/yaml-leaves.ts';
import { shownValue } from '../../facts/audit/credentials.ts';
import { yamlLeaves } from '../../facts/audit/yaml-leaves.ts';
import type { SharedPlace } from './repair.ts';

/** The entries of ConfigMaps by which every node is configured. */
export const KUBEADM = { configMap: 'kube-system/kubeadm-config', key: 'ClusterConfiguration' } as const;
export const KUBELET = { configMap: 'kube-system/kubelet-config', key: 'kubelet' } as const;
export const KUBE_PROXY = { configMap: 'kube-system/kube-proxy', key: 'config.conf' } as const;
export const KUBE_PROXY_KUBECONFIG = { configMap: 'kube-system/kube-proxy', key: 'kubeconfig.conf' } as const;
export const CLUSTER_INFO = { configMap: 'kube-public/cluster-info', key: 'kubeconfig' } as const;
/** The workload that reads both entries of kube-proxy, when its pods start. */
export const KUBE_PROXY_WORKLOAD = 'kube-system/DaemonSet/kube-proxy';

export interface SharedName {
  readonly configMap: string;
  readonly key: string;
}
const SHARED: readonly SharedName[] = [KUBEADM, KUBELET, KUBE_PROXY, KUBE_PROXY_KUBECONFIG, CLUSTER_INFO];

/** One text that all nodes share: its values, or why it cannot be read. */
export interface SharedDocument extends SharedName {
  readonly state: 'read' | 'absent' | 'broken';
  readonly why: string;
  readonly leaves: readonly YamlLeaf[];
}

export function sharedDocuments(cluster: ClusterView | undefined): readonly SharedDocument[] {
  return cluster === undefined ? [] : SHARED.map((name) => sharedDocumentOf(name, cluster.configMaps[name.configMap]?.[name.key]));
}

/** A text as a shared document; values that are credentials are told as such. */
export function sharedDocumentOf(name: SharedName, text: string | undefined): SharedDocument {
  if (text === undefined) return { ...name, state: 'absent', why: 'there is none', leaves: [] };
  const parsed = yamlLeaves(text);
  return 'why' in parsed
    ? { ...name, state: 'broken', why: parsed.why, leaves: [] }
    : { ...name, state: 'read', why: '', leaves: parsed.leaves.map((leaf) => ({ ...leaf, value: shownValue(leaf) })) };
}

/** One value of a shared document, with where it stands. */
export interface SharedValue extends YamlLeaf {
  readonly place: SharedPlace;
  /** For evidence. */
  readonly where: string;
}

interface Documents {
  readonly shared: readonly SharedDocument[];
}

export function valuesOf({ shared }: Documents, { configMap, key }: SharedName): readonly SharedValue[] {
  const document = shared.find((candidate) => candidate.configMap === configMap && candidate.key === key);
  return (document?.leaves ?? []).map((leaf) => ({
    ...leaf,
    place: { configMap, key, path: leaf.path, value: leaf.value },
    where: `ConfigMap ${configMap}, ${key}:${leaf.line}: ${leaf.path}`,
  }));
}

export function valueAt(documents: Documents, name: SharedName, path: string): SharedValue | undefined {
  return valuesOf(documents, name).find((value) => value.path === path);
}

/** Values of a list. */
export function listAt(documents: Documents, name: SharedName, path: string): readonly SharedValue[] {
  return valuesOf(documents, name).filter((value) => value.path.startsWith(`${path}.`) && /^\d+$/.test(value.path.slice(path.length + 1)));
}

/** One extra argument that kubeadm gives to a component on every control plane. */
export interface SharedArg {
  readonly flag: string;
  readonly value: string;
  readonly place: SharedPlace;
  readonly where: string;
}

type KubeadmComponent = 'apiServer' | 'controllerManager' | 'scheduler' | 'etcd.local';

/** `extraArgs` of ClusterConfiguration: a map up to v1beta3, a list of names and values since v1beta4. */
export function sharedArgs(documents: Documents, component: KubeadmComponent): readonly SharedArg[] {
  const prefix = `${component}.extraArgs.`;
  const values = valuesOf(documents, KUBEADM).filter(({ path }) => path.startsWith(prefix));
  return values.flatMap(({ path, value, place, line }) => {
    const rest = path.slice(prefix.length);
    const [, index] = /^(\d+)\.value$/.exec(rest) ?? [];
    const flag = index === undefined ? (/^\d+\./.test(rest) ? undefined : rest) : values.find((other) => other.path === `${prefix}${index}.name`)?.value;
    return flag === undefined ? [] : [{ flag, value, place, where: `ConfigMap ${KUBEADM.configMap}, ${KUBEADM.key}:${line}: ${component}.extraArgs ${flag}` }];
  });
}
