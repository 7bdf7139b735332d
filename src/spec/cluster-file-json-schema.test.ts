import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { clusterFileJsonSchema } from './cluster-file-json-schema.ts';

const EXAMPLES = new URL('../../examples/', import.meta.url);
type Schema = Readonly<Record<string, unknown>>;

const schema = clusterFileJsonSchema(['1.36.3']);
/** A reader of JSON Schema, fed with nothing but the text that is printed. */
const reader = z.fromJSONSchema(JSON.parse(JSON.stringify(schema)) as Parameters<typeof z.fromJSONSchema>[0]);

function node(change: Schema = {}): Schema {
  return { name: 'cp-1', address: '10.0.0.11', role: 'control-plane', ...change };
}

function file(change: Schema = {}): Schema {
  return { apiVersion: 'kubewright.dev/v1alpha1', kind: 'Cluster', metadata: { name: 'demo' }, spec: { kubernetes: { version: '1.36.3' }, nodes: [node()], ...change } };
}

/** Every schema inside a schema, with its place. */
function schemasIn(value: unknown, place = ''): readonly (readonly [string, Schema])[] {
  if (typeof value !== 'object' || value === null) return [];
  const inner = Object.entries(value).flatMap(([key, child]) => schemasIn(child, `${place}/${key}`));
  return 'type' in value || 'properties' in value ? [[place, value], ...inner] : inner;
}

describe('the JSON Schema of the cluster file', () => {
  it.each(readdirSync(EXAMPLES).filter((name) => name.endsWith('.yaml')))('takes examples/%s', (name) => {
    expect(reader.safeParse(parse(readFileSync(new URL(name, EXAMPLES), 'utf8')))).toMatchObject({ success: true });
  });

  it('takes the least, and needs no key that has a default', () => {
    expect(reader.safeParse(file())).toMatchObject({ success: true });
  });

  it.each<[string, Schema]>([
    ['an unknown key', { ...file(), name: 'demo' }],
    ['an unknown key of a node', file({ nodes: [node({ adress: '10.0.0.11' })] })],
    ['a role that is none', file({ nodes: [node({ role: 'master' })] })],
    ['a version that is not known', file({ kubernetes: { version: '1.35.0' } })],
    ['a version as a number', file({ kubernetes: { version: 1.36 } })],
    ['a node without an address', file({ nodes: [{ name: 'cp-1', role: 'control-plane' }] })],
    ['a file without nodes', file({ nodes: [] })],
    ['another apiVersion', { ...file(), apiVersion: 'kubewright.dev/v1' }],
  ])('refuses %s', (_, wrong) => {
    expect(reader.safeParse(wrong)).toMatchObject({ success: false });
  });

  it('closes every map of fixed keys, and says what each value of a key means', () => {
    const maps = schemasIn(schema).filter(([, { properties }]) => properties !== undefined);
    expect(maps.filter(([, { additionalProperties }]) => additionalProperties !== false).map(([place]) => place)).toEqual([]);
    const values = maps.flatMap(([place, { properties }]) =>
      Object.entries(properties as Readonly<Record<string, Schema>>).map(([key, value]) => [`${place}/${key}`, value] as const),
    );
    const untold = values.filter(([, { description, properties, const: constant }]) => description === undefined && properties === undefined && constant === undefined);
    expect(untold.map(([place]) => place)).toEqual([]);
  });

  it('offers an editor the values of a key', () => {
    const offered = Object.fromEntries(schemasIn(schema).flatMap(([place, { enum: values }]) => (values === undefined ? [] : [[place.split('/').at(-1), values]])));
    expect(offered).toMatchObject({ version: ['1.36.3'], role: ['control-plane', 'worker'], plugin: ['flannel', 'none'] });
  });
});
