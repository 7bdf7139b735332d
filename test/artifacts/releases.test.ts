import { beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { BinaryName } from '../../src/artifacts/artifact.ts';
import { ensureArtifacts } from '../../src/artifacts/ensure-artifacts.ts';
import { listArtifacts } from '../../src/artifacts/inspect-artifacts.ts';
import { defaultVersion, releases } from '../../src/catalogue/catalogue.ts';
import type { FieldTypes } from '../../src/model/field-type.ts';
import { flagsOfHelp } from '../../src/model/flag-help.ts';
import type { Component } from '../../src/model/flag-table.ts';
import { unclassified } from '../../src/model/flag-table.ts';
import { runProgram } from '../../src/process/run-program.ts';
import { compareStrings } from '../../src/util/canonical-json.ts';

const components = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kubelet', 'etcd'] as const satisfies readonly (Component & BinaryName)[];
const programs = [...components, 'kubeadm'] as const;
/** A help text that was cut short or has another layout would pass unseen: each of the programs has more flags than this. */
const LEAST_FLAGS = 50;
const LEAST_FIELDS = 15;
const IMAGES_OF_KUBEADM = 7;

/** The default release is built; another is tried where the cache has its programs, so that `make test` ends in time. `make soak` builds all of them before. */
const tried = await Promise.all(
  releases.map(async (release) => {
    const isReady = (await listArtifacts(release, programs)).every(({ state }) => state === 'ready');
    return { release, version: release.kubernetes, isTried: isReady || release.kubernetes === defaultVersion };
  }),
);

describe.each(tried)('the catalogue against the programs of Kubernetes $version', ({ release, isTried }) => {
  describe.skipIf(!isTried)('as they are in the cache', () => {
    const outputs = new Map<string, string>();
    const { settings, images } = release;

    beforeAll(async () => {
      const artifacts = await ensureArtifacts(release, programs, { signal: new AbortController().signal });
      const output = async (key: string, name: BinaryName, args: readonly string[]): Promise<void> => {
        const { stdout, stderr } = await runProgram(artifacts.get(name)?.path ?? name, args, { expect: 'any' });
        // etcd prints one part of its help to each.
        outputs.set(key, name === 'kubeadm' ? stdout : `${stderr}\n${stdout}`);
      };
      await Promise.all(components.map((name) => output(name, name, ['--help'])));
      await output('fields', 'kubeadm', ['config', 'print', 'init-defaults', '--component-configs', 'KubeletConfiguration,KubeProxyConfiguration']);
      await output('images', 'kubeadm', ['config', 'images', 'list', '--kubernetes-version', `v${release.kubernetes}`]);
    });

    it.each(components)('every flag of %s that may be of one machine is classified', (component) => {
      const help = outputs.get(component) ?? '';
      expect(flagsOfHelp(help).length).toBeGreaterThan(LEAST_FLAGS);
      expect(unclassified(component, help)).toEqual([]);
    });

    it.each(components)('the recorded flags of %s are those of its help', (component) => {
      const names = flagsOfHelp(outputs.get(component) ?? '').map(({ name }) => name);
      expect(settings.flags[component]).toEqual([...new Set(names)].sort(compareStrings));
    });

    it.each(['KubeletConfiguration', 'KubeProxyConfiguration'] as const)('every field that kubeadm sets in a %s is known', (kind) => {
      const documents = parseAllDocuments(outputs.get('fields') ?? '').map((document) => document.toJS() as Readonly<Record<string, unknown>>);
      const printed = documents.find((document) => document['kind'] === kind) ?? {};
      expect(Object.keys(printed).length).toBeGreaterThan(LEAST_FIELDS);
      expect(pathsOf(printed, settings.fields[kind]).filter((path) => !Object.hasOwn(settings.fields[kind], path))).toEqual([]);
    });

    it('the images are those that kubeadm names', () => {
      const named = (outputs.get('images') ?? '').trim().split('\n');
      expect(named).toHaveLength(IMAGES_OF_KUBEADM);
      expect(Object.values(images)).toEqual(expect.arrayContaining(named));
    });
  });
});

/** Paths of a tree down to what is a group no longer. */
function pathsOf(tree: object, types: FieldTypes, under = ''): readonly string[] {
  return Object.entries(tree).flatMap(([key, value]: [string, unknown]) => {
    const path = `${under}${key}`;
    const isGroup = types[path] === 'group' && typeof value === 'object' && value !== null;
    return isGroup ? [path, ...pathsOf(value, types, `${path}.`)] : [path];
  });
}
