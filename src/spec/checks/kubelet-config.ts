import type { FieldType } from '../../model/kubelet-configuration-fields.ts';
import { kubeletConfigurationTypes } from '../../model/kubelet-configuration-fields.ts';
import { classifyField } from '../../model/flag-table.ts';
import type { DocumentPath } from '../document-path.ts';
import type { SpecFinding } from '../problem.ts';
import { shown } from '../shown-value.ts';
import { suggest } from '../suggest.ts';
import type { Check } from './check.ts';

const UNDER: DocumentPath = ['spec', 'kubelet', 'config'];

/** Fields of KubeletConfiguration: known, of the right type, and the cluster's own. */
export const checkKubeletConfig: Check = (file) => fieldsUnder(file.spec?.kubelet?.config ?? {}, []);

function fieldsUnder(settings: object, path: readonly string[]): readonly SpecFinding[] {
  return Object.entries(settings).flatMap(([key, value]) => oneField([...path, key], value));
}

function oneField(path: readonly string[], value: unknown): readonly SpecFinding[] {
  const field = path.join('.');
  const type = Object.hasOwn(kubeletConfigurationTypes, field) ? kubeletConfigurationTypes[field] : undefined;
  const place: DocumentPath = [...UNDER, ...path];
  if (type === undefined) return [unknownField(path, place)];
  const misplaced = scopeFinding(field, place);
  if (misplaced !== undefined) return [misplaced];
  if (!TYPES[type].holds(value))
    return [{ code: 'kubelet-field-type', path: place, message: `kubelet field ${field} is ${shown(value)}, not ${TYPES[type].words}`, fix: `write ${TYPES[type].words}` }];
  return type === 'group' && isMap(value) ? fieldsUnder(value, path) : [];
}

function scopeFinding(field: string, path: DocumentPath): SpecFinding | undefined {
  const { scope, reason, instead } = classifyField('KubeletConfiguration', field);
  if (scope === 'cluster') return undefined;
  const words = { path, at: 'key', why: reason, ...(instead !== undefined && { fix: instead }) } as const;
  if (scope === 'node') return { ...words, code: 'kubelet-field-node-scoped', message: `kubelet field ${field} belongs to one node, not to the cluster` };
  return { ...words, code: 'kubelet-field-managed', message: `kubewright sets the kubelet field ${field} itself` };
}

function unknownField(path: readonly string[], place: DocumentPath): SpecFinding {
  const key = path.at(-1) ?? '';
  const under = path.length === 1 ? '' : `${path.slice(0, -1).join('.')}.`;
  const siblings = Object.keys(kubeletConfigurationTypes).flatMap((known) =>
    known.startsWith(under) && !known.slice(under.length).includes('.') ? [known.slice(under.length)] : [],
  );
  const meant = suggest(key, siblings);
  const message = `KubeletConfiguration has no field ${shown(under + key)}`;
  if (meant === undefined) return { code: 'kubelet-field-unknown', path: place, at: 'key', message };
  return { code: 'kubelet-field-unknown', path: place, at: 'key', message: `${message}: did you mean ${meant}?`, fix: `write ${meant}` };
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
