import { beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { BinaryName } from '../../src/artifacts/artifact.ts';
import { ensureArtifacts } from '../../src/artifacts/ensure-artifacts.ts';
import { knownVersions, release } from '../../src/catalogue/catalogue.ts';
import { flagsOfHelp } from '../../src/model/flag-help.ts';
import type { Component } from '../../src/model/flag-table.ts';
import { listedFlags, unclassified } from '../../src/model/flag-table.ts';
import { knownFlags } from '../../src/model/known-flags.ts';
import { kubeletConfigurationTypes } from '../../src/model/kubelet-configuration-fields.ts';
import { runProgram } from '../../src/process/run-program.ts';
import { compareStrings } from '../../src/util/canonical-json.ts';

const components = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kubelet', 'etcd'] as const satisfies readonly (Component & BinaryName)[];
/** A help text that was cut short or has another layout would pass unseen: each of the programs has more flags than this. */
const LEAST_FLAGS = 50;

describe.each(knownVersions())('the flag table against the programs of Kubernetes %s', (version) => {
  const outputs = new Map<string, string>();

  beforeAll(async () => {
    const artifacts = await ensureArtifacts(release(version), [...components, 'kubeadm'], { signal: new AbortController().signal });
    const output = async (name: BinaryName, args: readonly string[]): Promise<void> => {
      const { stdout, stderr } = await runProgram(artifacts.get(name)?.path ?? name, args, { expect: 'any' });
      // etcd prints one part of its help to each.
      outputs.set(name, name === 'kubeadm' ? stdout : `${stderr}\n${stdout}`);
    };
    await Promise.all(components.map((name) => output(name, ['--help'])));
    await output('kubeadm', ['config', 'print', 'init-defaults', '--component-configs', 'KubeletConfiguration']);
  });

  it.each(components)('every flag of %s that may be of one machine is classified', (component) => {
    const help = outputs.get(component) ?? '';
    expect(flagsOfHelp(help).length).toBeGreaterThan(LEAST_FLAGS);
    expect(unclassified(component, help)).toEqual([]);
  });

  it.each(components)('the recorded flags of %s are those of its help', (component) => {
    const names = flagsOfHelp(outputs.get(component) ?? '').map(({ name }) => name);
    expect(knownFlags(component)).toEqual([...new Set(names)].sort(compareStrings));
  });

  it.each(components)('every flag listed for %s exists', (component) => {
    const names = new Set(flagsOfHelp(outputs.get(component) ?? '').map(({ name }) => name));
    expect(listedFlags(component).filter((flag) => !names.has(flag))).toEqual([]);
  });

  it('every field that kubeadm sets in a KubeletConfiguration is known', () => {
    const documents = parseAllDocuments(outputs.get('kubeadm') ?? '').map((document) => document.toJS() as Readonly<Record<string, unknown>>);
    const kubelet = documents.find(({ kind }) => kind === 'KubeletConfiguration') ?? {};
    expect(Object.keys(kubelet).length).toBeGreaterThan(LEAST_FLAGS / 2);
    expect(pathsOf(kubelet).filter((path) => !Object.hasOwn(kubeletConfigurationTypes, path))).toEqual([]);
  });
});

/** Paths of a tree down to what the table calls a group no longer. */
function pathsOf(tree: object, under = ''): readonly string[] {
  return Object.entries(tree).flatMap(([key, value]: [string, unknown]) => {
    const path = `${under}${key}`;
    const isGroup = kubeletConfigurationTypes[path] === 'group' && typeof value === 'object' && value !== null;
    return isGroup ? [path, ...pathsOf(value, `${path}.`)] : [path];
  });
}
