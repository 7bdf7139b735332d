import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import type { KubeconfigEntries } from './kubeconfig.ts';
import { mergedKubeconfig } from './merged-kubeconfig.ts';

const KEY = 'c2VjcmV0LWtleQ==';
const entries: KubeconfigEntries = {
  name: 'demo',
  cluster: { server: 'https://10.0.0.12:6443', 'tls-server-name': 'api.demo.kubewright.internal', 'certificate-authority-data': 'Y2E=' },
  user: { 'client-certificate-data': 'Y2VydA==', 'client-key-data': KEY },
};

interface Config {
  readonly clusters: readonly { readonly name: string }[];
  readonly users: readonly { readonly name: string }[];
  readonly contexts: readonly { readonly name: string }[];
  readonly 'current-context': string;
}

const merge = (text: string, own = entries, context = own.name): string => mergedKubeconfig(text, own, { path: 'config', context }).text;
const FOREIGN = `# mine
apiVersion: v1
kind: Config
preferences: {}
clusters:
- cluster: {server: "https://work:6443", extensions: [{name: x, extension: {version: v1.30, port: 1.10}}]}   # the office
  name: work
contexts:
- context: {cluster: work, user: me, namespace: on}
  name: work
users:
- name: me
  user:
    exec: {command: login, args: ["012", 'yes']}
current-context: work
`;

describe('mergedKubeconfig', () => {
  it('makes a kubeconfig where there was none', () => {
    expect(parse(merge(''))).toEqual({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'demo', cluster: entries.cluster }],
      users: [{ name: 'demo-admin', user: entries.user }],
      contexts: [{ name: 'demo', context: { cluster: 'demo', user: 'demo-admin' } }],
      'current-context': 'demo',
    });
  });

  it("puts a cluster beside a person's own, and leaves those as they are written", () => {
    const merged = merge(FOREIGN);
    expect(merged).toContain('# mine\n');
    expect(merged).toContain('# the office');
    const [before, after] = [parse(FOREIGN) as Config, parse(merged) as Config];
    expect(after.clusters).toEqual([...before.clusters, { name: 'demo', cluster: entries.cluster }]);
    expect(after.users).toEqual([...before.users, { name: 'demo-admin', user: entries.user }]);
    expect(after.contexts).toEqual([...before.contexts, { name: 'demo', context: { cluster: 'demo', user: 'demo-admin' } }]);
    expect(after['current-context']).toBe('work');
  });

  it('stays JSON where it is, for what reads nothing else', () => {
    const merged = merge(JSON.stringify(parse(FOREIGN)));
    expect(JSON.parse(merged)).toEqual(parse(merge(FOREIGN)));
    expect(merge(merged)).toBe(merged);
  });

  it('changes nothing the second time', () => {
    const once = merge(FOREIGN);
    expect(merge(once)).toBe(once);
  });

  it('renews what an earlier merge put there, and keeps the namespace that a person has chosen', () => {
    const once = merge(FOREIGN).replace('user: demo-admin', 'user: demo-admin\n      namespace: shop');
    const moved = { ...entries, cluster: { ...entries.cluster, server: 'https://10.0.0.13:6443' }, user: { ...entries.user, 'client-key-data': 'bmV3' } };
    const after = parse(merge(once, moved)) as Config;
    expect(after.clusters).toHaveLength(2);
    expect(after).toMatchObject({
      clusters: [{}, { cluster: moved.cluster }],
      users: [{}, { user: moved.user }],
      contexts: [{}, { context: { cluster: 'demo', user: 'demo-admin', namespace: 'shop' } }],
    });
  });

  it('takes another name for the entry', () => {
    expect(parse(merge(FOREIGN, entries, 'prod'))).toMatchObject({ contexts: [{}, { name: 'prod', context: { cluster: 'prod', user: 'prod-admin' } }] });
  });

  it('refuses another cluster of this name, whose keys would be lost', () => {
    const rebuilt = { ...entries, cluster: { ...entries.cluster, 'certificate-authority-data': 'bmV3' } };
    expect(() => merge(merge(FOREIGN), rebuilt)).toThrow(
      expect.objectContaining({
        code: 'refused',
        message: 'cluster demo in config is another one of this name, with another CA; nothing was written',
        hint: expect.stringMatching(/--context NAME.*delete-context demo, delete-cluster demo and delete-user demo-admin$/) as string,
      }) as Error,
    );
  });

  it('leaves the current context to the file that names one', () => {
    const { text, currentContext } = mergedKubeconfig('', entries, { path: 'config', context: 'demo', current: 'work' });
    expect({ currentContext, written: parse(text) as unknown }).toEqual({
      currentContext: 'work',
      written: expect.not.objectContaining({ 'current-context': expect.anything() as unknown }),
    });
  });

  it.each(['on', '012', '12:30', 'no'])('writes the context %s so that YAML 1.1 reads it as a text, too', (context) => {
    const text = merge(FOREIGN, entries, context);
    expect(parse(text, { version: '1.1' })).toMatchObject({
      clusters: [{}, { name: context }],
      contexts: [{}, { name: context, context: { cluster: context } }],
    });
    expect(text).toContain('namespace: on }');
    expect(parse(merge('', entries, context), { version: '1.1' })).toMatchObject({ 'current-context': context });
  });

  it.each([
    ['cluster demo', 'clusters: [{ name: demo, cluster: { server: "https://elsewhere" } }]'],
    ['cluster demo', 'clusters: [{ name: demo, cluster: { tls-server-name: api.other.kubewright.internal } }]'],
    ['user demo-admin', 'users: [{ name: demo-admin, user: { token: x } }]'],
    ['context demo', 'contexts: [{ name: demo, context: { cluster: work, user: me } }]'],
  ])('refuses to take the place of %s: %s', (what, text) => {
    expect(() => merge(text)).toThrow(expect.objectContaining({ code: 'refused', message: `${what} in config belongs to something else; nothing was written` }) as Error);
  });

  it.each([`users: [${KEY}`, '- a list', 'just words', 'kind: Pod', 'clusters: { name: x }', 'kind: Config\nkind: Config', `a: 1\n---\nusers: [${KEY}]`])(
    'refuses what is no kubeconfig, and shows none of it: %j',
    (text) => {
      expect(() => merge(text)).toThrow(expect.objectContaining({ code: 'refused', message: expect.not.stringContaining(KEY) as string, details: [] }) as Error);
    },
  );

  it('loses no entry of anybody, whatever is in the file', () => {
    const name = fc.oneof(fc.constantFrom('on', '012', '1.10', 'null', '~', 'a: b', '# x', 'ü'), fc.string({ minLength: 1 })).filter((text) => !text.startsWith('demo'));
    const list = (key: string) =>
      fc.uniqueArray(fc.record({ name, [key]: fc.dictionary(name, fc.oneof(name, fc.boolean(), fc.constant({ nested: ['x'] }))) }), { selector: (entry) => entry.name });
    const config = fc.record({ clusters: list('cluster'), users: list('user'), contexts: list('context'), preferences: fc.constant({}) });
    fc.assert(
      fc.property(config, fc.boolean(), (before, asJson) => {
        const text = asJson ? JSON.stringify(before) : stringify(before);
        const after = parse(merge(text)) as Config;
        for (const key of ['clusters', 'users', 'contexts'] as const) expect(after[key].slice(0, -1)).toEqual((parse(text) as Config)[key]);
      }),
    );
  });
});
