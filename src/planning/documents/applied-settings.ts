import type { ClusterWide } from '../../model/cluster.ts';
import { sharedDocument, sharedJson } from '../../model/scope.ts';
import type { SharedDocument } from '../../model/scope.ts';
import { settingsTree } from './shared-text.ts';

/** The ConfigMap in which the tool writes down what of the cluster file was applied, and its entry. */
export const APPLIED_SETTINGS = 'kube-system/kubewright';
export const APPLIED_ENTRY = 'applied.json';

/** What no other object of the cluster tells in the file's own words. */
export interface AppliedSettings {
  readonly networkPlugin: string;
  readonly kubelet: Readonly<Record<string, unknown>>;
  /** Absent where the file sets nothing. */
  readonly kubeProxy?: Readonly<Record<string, unknown>>;
}

export function appliedSettingsObjects({ network, kubeletConfig, kubeProxyConfig }: ClusterWide): readonly SharedDocument[] {
  const kubeProxy = kubeProxyConfig.entries.length > 0 && { kubeProxy: settingsTree(kubeProxyConfig) };
  const settings = sharedDocument({ networkPlugin: network.plugin, kubelet: settingsTree(kubeletConfig), ...kubeProxy });
  return [sharedDocument({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'kubewright', namespace: 'kube-system' }, data: { 'applied.json': sharedJson(settings) } })];
}
