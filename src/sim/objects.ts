import { foreignObjects } from '../model/foreign.ts';
import { parseAllDocuments } from 'yaml';
import type { SimCluster } from './sim-cluster.ts';

interface ApiObject {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly data?: Readonly<Record<string, string>>;
}

const parsed = new Map<string, readonly ApiObject[]>();

/** A text is parsed once: a sweep applies the same ones again and again. */
function objectsIn(text: string): readonly ApiObject[] {
  const known = parsed.get(text) ?? parseAllDocuments(text).map((document) => document.toJS() as ApiObject);
  parsed.set(text, known);
  return known;
}

/** Keeps the ConfigMaps of an applied text, as the API server would; workloads are known by what `predict` says of them. */
export function appliedObjects(cluster: SimCluster, text: string): void {
  const maps = objectsIn(text).filter(({ kind }) => kind === 'ConfigMap');
  cluster.configMaps = { ...cluster.configMaps, ...foreignObjects(Object.fromEntries(maps.map(({ metadata, data }) => [`${metadata.namespace}/${metadata.name}`, data ?? {}]))) };
}
