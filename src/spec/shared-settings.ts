import { clusterScoped } from '../model/cluster-scoped.ts';
import type { SharedSetting, SharedSettings } from '../model/cluster.ts';
import { compareStrings } from '../util/canonical-json.ts';

/** Brands a tree of settings as the cluster's, its keys sorted: whoever calls has put each field through the flag table. */
export function sharedSettings(tree: Readonly<Record<string, unknown>>): SharedSettings {
  const sorted = Object.entries(tree).sort(([a], [b]) => compareStrings(a, b));
  return { entries: sorted.map(([key, value]) => [clusterScoped(key), sharedSetting(value)] as const) };
}

function sharedSetting(value: unknown): SharedSetting {
  if (typeof value === 'string') return clusterScoped(value);
  if (typeof value === 'number') return clusterScoped(value);
  if (typeof value === 'boolean') return value ? clusterScoped(true) : clusterScoped(false);
  if (Array.isArray(value)) return value.map(sharedSetting);
  return typeof value === 'object' && value !== null ? sharedSettings(Object.fromEntries(Object.entries(value))) : null;
}
