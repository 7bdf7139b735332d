import { z } from 'zod';

/** One key of the cluster file, as a page tells it. */
export interface ClusterFileKey {
  /** `spec.nodes[].address`. */
  readonly path: string;
  /** What may stand there. */
  readonly takes: string;
  /** What counts when the key is absent; undefined where it may be absent and nothing counts instead. */
  readonly default: string | undefined;
  readonly isRequired: boolean;
  readonly description: string;
}

type JsonSchema = z.core.JSONSchema.JSONSchema;

/** Every key that takes a value, in the order of the schema. A group of keys is told by those in it, and by itself where it has a description. */
export function clusterFileKeys(schema: z.ZodType): readonly ClusterFileKey[] {
  return keysUnder(z.toJSONSchema(schema, { io: 'input' }), '');
}

function keysUnder({ properties = {}, required = [] }: JsonSchema, under: string): readonly ClusterFileKey[] {
  return Object.entries(properties).flatMap(([name, child]) => {
    const schema = objectSchema(child);
    const path = under === '' ? name : `${under}.${name}`;
    const inner = innerKeys(schema, path);
    const isTold = inner.length === 0 || schema.description !== undefined;
    return [...(isTold ? [keyOf(path, schema, required.includes(name))] : []), ...inner];
  });
}

function innerKeys(schema: JsonSchema, path: string): readonly ClusterFileKey[] {
  if (schema.type === 'array' && schema.items !== undefined && !Array.isArray(schema.items)) return keysUnder(objectSchema(schema.items), `${path}[]`);
  const { additionalProperties } = schema;
  // A map whose keys are the user's names: labels have texts, pools have keys of their own.
  if (typeof additionalProperties === 'object') return keysUnder(additionalProperties, `${path}.NAME`);
  return keysUnder(schema, path);
}

function keyOf(path: string, schema: JsonSchema, isRequired: boolean): ClusterFileKey {
  return { path, takes: takes(schema), default: defaultOf(schema), isRequired, description: schema.description ?? '' };
}

/** The words for what a schema takes: a constant, one of several, or a type. */
function takes(schema: JsonSchema): string {
  if (schema.const !== undefined) return code(schema.const);
  if (schema.enum !== undefined) return schema.enum.map(code).join(' or ');
  if (schema.type === 'array') return schema.items !== undefined && objectSchema(schema.items as JsonSchema | boolean).properties === undefined ? 'list of text' : 'list of maps';
  return schema.type === 'object' ? 'map' : typeWords(schema.type);
}

function typeWords(type: unknown): string {
  const words: Readonly<Record<string, string>> = { string: 'text', boolean: '`true` or `false`', number: 'number', integer: 'whole number' };
  const found = typeof type === 'string' ? words[type] : undefined;
  if (found === undefined) throw new Error(`the page has no words for the type ${JSON.stringify(type)} of the cluster file`);
  return found;
}

/** An empty group or list is nothing worth telling: what is in a group has defaults of its own. */
function defaultOf(schema: JsonSchema): string | undefined {
  const { default: value } = schema;
  return value === undefined || (typeof value === 'object' && value !== null) ? undefined : code(value);
}

function objectSchema(schema: JsonSchema | boolean): JsonSchema {
  if (typeof schema === 'boolean') throw new Error('the page has no words for a schema that takes all or nothing');
  return schema;
}

function code(value: unknown): string {
  return `\`${String(value)}\``;
}
