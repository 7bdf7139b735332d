import type { FieldType } from '../../model/field-type.ts';
import { classifyField } from '../../model/flag-table.ts';
import type { DocumentPath } from '../document-path.ts';
import type { SpecFinding } from '../problem.ts';
import { shown } from '../shown-value.ts';
import { suggest } from '../suggest.ts';
import type { Check, CheckContext } from './check.ts';
import { inOthers, ofRelease } from './check.ts';
import type { PlacedFields } from './placed-settings.ts';
import { placedFields } from './placed-settings.ts';

/** Fields of one configuration as the file has them. */
interface Fields extends PlacedFields {
  readonly context: CheckContext;
}

/** Fields of KubeletConfiguration and KubeProxyConfiguration: known, of the right type, and in the scope that the flag table gives them. */
export const checkConfigurationFields: Check = (file, context) => placedFields(file).flatMap((placed) => fieldsUnder(placed.fields, [], { ...placed, context }));

function fieldsUnder(settings: object, path: readonly string[], placed: Fields): readonly SpecFinding[] {
  return Object.entries(settings).flatMap(([key, value]) => oneField([...path, key], value, placed));
}

function oneField(path: readonly string[], value: unknown, placed: Fields): readonly SpecFinding[] {
  const types = placed.context.settings.fields[placed.kind];
  const field = path.join('.');
  const type = Object.hasOwn(types, field) ? types[field] : undefined;
  const place: DocumentPath = [...placed.under, ...path];
  if (type === undefined) return [unknownField(path, place, placed)];
  const misplaced = scopeFinding(field, place, placed);
  if (misplaced !== undefined) return [misplaced];
  if (!TYPES[type].holds(value))
    return [{ code: 'field-type', path: place, message: `${placed.kind} field ${field} is ${shown(value)}, not ${TYPES[type].words}`, fix: `write ${TYPES[type].words}` }];
  return type === 'group' && isMap(value) ? fieldsUnder(value, path, placed) : [];
}

/** A node may have a setting of its own in the place of the cluster's: kubelets need not be alike. */
function scopeFinding(field: string, path: DocumentPath, { kind, place }: PlacedFields): SpecFinding | undefined {
  const { scope, reason, instead, setFrom, isFixed } = classifyField(kind, field);
  const words = { path, at: 'key', why: reason, ...(instead !== undefined && { fix: instead }) } as const;
  if (scope === 'managed') return { ...words, code: 'field-managed', message: `kubewright sets the field ${field} of ${kind} itself` };
  if (scope === 'cluster') return undefined;
  if (place.scope === 'cluster') return { ...words, code: 'field-node-scoped', message: `field ${field} of ${kind} belongs to one node, not to the cluster` };
  const isFree = setFrom === undefined && isFixed !== true;
  return isFree ? undefined : { ...words, code: 'field-managed', message: `field ${field} of ${kind} is found on each node by itself` };
}

function unknownField(path: readonly string[], place: DocumentPath, { kind, context }: Fields): SpecFinding {
  const key = path.at(-1) ?? '';
  const under = path.length === 1 ? '' : `${path.slice(0, -1).join('.')}.`;
  const finding = { code: 'field-unknown', path: place, at: 'key' } as const;
  const message = `${kind}${ofRelease(context)} has no field ${shown(under + key)}`;
  const elsewhere = inOthers(context, ({ fields }) => Object.hasOwn(fields[kind], under + key));
  if (elsewhere !== undefined) return { ...finding, message: message + elsewhere, fix: 'remove it, or deploy a release that has it' };
  const known = Object.keys(context.settings.fields[kind]);
  const siblings = known.flatMap((name) => (name.startsWith(under) && !name.slice(under.length).includes('.') ? [name.slice(under.length)] : []));
  const meant = suggest(key, siblings);
  return meant === undefined ? { ...finding, message } : { ...finding, message: `${message}: did you mean ${meant}?`, fix: `write ${meant}` };
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const isText = (value: unknown): boolean => typeof value === 'string';
const isBoolean = (value: unknown): boolean => typeof value === 'boolean';
const mapOf =
  (holds: (value: unknown) => boolean) =>
  (value: unknown): boolean =>
    isMap(value) && Object.values(value).every(holds);

const TYPES: Readonly<Record<FieldType, { readonly words: string; readonly holds: (value: unknown) => boolean }>> = {
  text: { words: 'text', holds: isText },
  number: { words: 'a number', holds: (value) => typeof value === 'number' },
  boolean: { words: 'true or false', holds: isBoolean },
  list: { words: 'a list', holds: Array.isArray },
  'list of text': { words: 'a list of text', holds: (value) => Array.isArray(value) && value.every(isText) },
  map: { words: 'a map', holds: isMap },
  'map of text': { words: 'a map of text', holds: mapOf(isText) },
  'map of booleans': { words: 'a map of true and false', holds: mapOf(isBoolean) },
  group: { words: 'a map', holds: isMap },
};
