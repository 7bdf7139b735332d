import { CONTROL_PLANE_PROGRAMS } from '../../model/control-plane-components.ts';
import { classifyField, classifyFlag } from '../../model/flag-table.ts';
import type { DocumentPath } from '../document-path.ts';
import type { SpecFinding } from '../problem.ts';
import type { Check } from './check.ts';
import { placedNodes } from './check.ts';
import type { PlacedArgs, PlacedFields } from './placed-settings.ts';
import { placedArgs, placedFields } from './placed-settings.ts';

/** A setting wherever it stands. */
interface PlacedSetting {
  readonly value: unknown;
  readonly path: DocumentPath;
  readonly place: PlacedArgs['place'];
}

/** What is a node's address stands with that node alone: not where all nodes get it, not under another one. */
export const checkNodeAddresses: Check = (file) => {
  const addresses = placedNodes(file).flatMap(({ node }) => node.address ?? []);
  return [...placedArgs(file).flatMap(argsIn), ...placedFields(file).flatMap(fieldsIn)].flatMap((setting) => addressIn(setting, addresses));
};

function argsIn({ component, args, under, place }: PlacedArgs): readonly PlacedSetting[] {
  const isOurs = (name: string): boolean => place.scope === 'node' || classifyFlag(CONTROL_PLANE_PROGRAMS[component], name).scope === 'cluster';
  return Object.entries(args).flatMap(([name, value]) => (isOurs(name) ? [{ value, path: [...under, name], place }] : []));
}

function fieldsIn({ kind, fields, under, place }: PlacedFields): readonly PlacedSetting[] {
  const isOurs = (name: string): boolean => place.scope === 'node' || classifyField(kind, name).scope === 'cluster';
  return Object.entries(fields).flatMap(([name, value]) => (isOurs(name) ? [{ value, path: [...under, name], place }] : []));
}

/** What stands in the wrong scope has a finding already: of cluster scope the cluster's own settings are looked at. */
function addressIn({ value, path, place }: PlacedSetting, addresses: readonly string[]): readonly SpecFinding[] {
  const words: readonly string[] = JSON.stringify(value)?.match(/\d+(\.\d+){3}/g) ?? [];
  const found = words.find((word) => addresses.includes(word) && (place.scope === 'cluster' || word !== place.address));
  if (found === undefined) return [];
  if (place.scope === 'cluster') return [{ code: 'node-address-in-cluster-scope', path, message: `${path.at(-1)} holds ${found}, the address of one node` }];
  return [{ code: 'address-of-other-node', path, message: `${path.at(-1)} holds ${found}, the address of another node` }];
}
