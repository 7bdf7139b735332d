import { stringify } from 'yaml';
import type { SharedSetting, SharedSettings } from '../../model/cluster.ts';
import type { SharedDocument } from '../../model/scope.ts';

/** YAML as Go's readers of YAML 1.1 take it: `on` or `12:30:45` stay strings. */
const YAML_OPTIONS = { compat: 'yaml-1.1', lineWidth: 0, aliasDuplicateObjects: false } as const;

/** Documents that all nodes share, as one YAML stream. What a deployment writes to shared state comes from here; a repair writes one entry of what is there (`actions/kinds/config-map-entry.ts`). */
export function sharedText(...documents: readonly SharedDocument[]): string {
  return documents.map((document) => stringify(document, YAML_OPTIONS)).join('---\n');
}

/** A document of one node alone: its own kubeadm configuration, its patches. */
export function nodeText(document: object): string {
  return stringify(document, YAML_OPTIONS);
}

/** Settings of the cluster file as a plain tree, still marked as fit for shared state. */
export function settingsTree(settings: SharedSettings): SharedDocument {
  return plain(settings) as SharedDocument;
}

function plain(setting: SharedSetting): unknown {
  if (typeof setting !== 'object' || setting === null) return setting;
  if ('entries' in setting && !Array.isArray(setting)) return Object.fromEntries((setting as SharedSettings).entries.map(([key, value]) => [key, plain(value)]));
  return (setting as readonly SharedSetting[]).map(plain);
}
