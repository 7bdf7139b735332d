import { z } from 'zod';
import type { DocumentPath } from './document-path.ts';

type AnySchema = z.core.$ZodType;

/** The schema itself, behind defaults and `optional`. */
function unwrap(schema: AnySchema): AnySchema {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional) return unwrap(schema.unwrap());
  return schema;
}

function shapeOf(schema: z.ZodObject): Readonly<Record<string, AnySchema>> {
  return schema.shape;
}

function childSchema(schema: AnySchema, part: string | number): AnySchema | undefined {
  const inner = unwrap(schema);
  if (inner instanceof z.ZodObject) return shapeOf(inner)[part];
  if (inner instanceof z.ZodArray) return inner.element;
  return inner instanceof z.ZodRecord ? inner.valueType : undefined;
}

/** The schema of what is at a path; undefined where nothing may be. */
export function schemaAt(schema: AnySchema, path: DocumentPath): AnySchema | undefined {
  return path.reduce<AnySchema | undefined>((inner, part) => (inner === undefined ? undefined : childSchema(inner, part)), schema);
}

/** Keys that the schema has at a path; empty where it takes any. */
export function keysAt(schema: AnySchema, path: DocumentPath): readonly string[] {
  const found = schemaAt(schema, path);
  const inner = found === undefined ? undefined : unwrap(found);
  return inner instanceof z.ZodObject ? Object.keys(shapeOf(inner)) : [];
}

/** Every place where the schema has a key of this name, as `spec.nodes[].address`. */
export function placesOfKey(schema: AnySchema, key: string, under = ''): readonly string[] {
  const inner = unwrap(schema);
  if (inner instanceof z.ZodArray) return placesOfKey(inner.element, key, `${under}[]`);
  if (!(inner instanceof z.ZodObject)) return [];
  return Object.entries(shapeOf(inner)).flatMap(([name, child]) => {
    const path = under === '' ? name : `${under}.${name}`;
    return [...(name === key ? [path] : []), ...placesOfKey(child, key, path)];
  });
}

/** A copy with the defaults of absent keys; what has another type than the schema says is left as it is. */
export function withDefaults(schema: AnySchema, value: unknown): unknown {
  if (value === undefined && schema instanceof z.ZodDefault) return schema.def.defaultValue;
  if (value === undefined && schema instanceof z.ZodPrefault) return withDefaults(schema.unwrap(), schema.def.defaultValue);
  const inner = unwrap(schema);
  if (inner instanceof z.ZodArray && Array.isArray(value)) return value.map((item) => withDefaults(inner.element, item));
  if (!(inner instanceof z.ZodObject) || !isPlainMap(value)) return value;
  const filled = Object.entries(shapeOf(inner)).map(([key, child]) => [key, withDefaults(child, value[key])] as const);
  return { ...value, ...Object.fromEntries(filled.filter(([, item]) => item !== undefined)) };
}

function isPlainMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
