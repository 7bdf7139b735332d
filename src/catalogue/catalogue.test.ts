import { describe, expect, it } from 'vitest';
import { speaksOfOneMachine } from '../model/flag-help.ts';
import { classifyField, listedFields, listedFlags } from '../model/flag-table.ts';
import type { Component, ConfigurationKind } from '../model/flag-table.ts';
import { mergedSettings } from '../model/known-settings.ts';
import { defaultVersion, findRelease, knownVersions, release, releases } from './catalogue.ts';

describe.each(knownVersions())('release %s', (version) => {
  const found = release(version);

  it('is found by its own version and belongs to its minor', () => {
    expect(findRelease(version)).toBe(found);
    expect(found.versions.kubernetes).toBe(found.kubernetes);
    expect(found.kubernetes.startsWith(`${found.minor}.`)).toBe(true);
  });

  it('names every component with a plain version', () => {
    for (const value of Object.values(found.versions)) expect(value).toMatch(/^\d+\.\d+(\.\d+)?$/);
  });

  it.each(Object.entries(found.images))('image %s carries the version of what is inside: %s', (role, name) => {
    const component = role.startsWith('kube-') ? 'kubernetes' : role;
    const inside = (found.versions as Readonly<Record<string, string>>)[component];
    expect(name).toMatch(new RegExp(`^[a-z0-9.-]+(/[a-z0-9-]+)+:v?${inside?.replaceAll('.', '\\.')}(-0)?$`));
  });
});

it('names the images that `kubeadm config images list` of 1.36.3 prints', () => {
  expect(Object.values(release('1.36.3').images)).toEqual(
    expect.arrayContaining([
      'registry.k8s.io/kube-apiserver:v1.36.3',
      'registry.k8s.io/kube-controller-manager:v1.36.3',
      'registry.k8s.io/kube-scheduler:v1.36.3',
      'registry.k8s.io/kube-proxy:v1.36.3',
      'registry.k8s.io/coredns/coredns:v1.14.2',
      'registry.k8s.io/pause:3.10.2',
      'registry.k8s.io/etcd:3.6.8-0',
    ]),
  );
});

it('names the images that `kubeadm config images list` of 1.37.2 prints', () => {
  expect(Object.values(release('1.37.2').images)).toEqual(
    expect.arrayContaining([
      'registry.k8s.io/kube-apiserver:v1.37.2',
      'registry.k8s.io/kube-controller-manager:v1.37.2',
      'registry.k8s.io/kube-scheduler:v1.37.2',
      'registry.k8s.io/kube-proxy:v1.37.2',
      'registry.k8s.io/coredns/coredns:v1.14.6',
      'registry.k8s.io/pause:3.10.2',
      'registry.k8s.io/etcd:3.7.0-0',
    ]),
  );
});

describe('the flag table and the releases', () => {
  const known = mergedSettings(releases.map(({ settings }) => settings));

  it.each(Object.keys(known.flags) as readonly Component[])('lists no flag of %s that no release has', (component) => {
    expect(listedFlags(component).filter((flag) => !known.flags[component].includes(flag))).toEqual([]);
  });

  it.each(Object.keys(known.fields) as readonly ConfigurationKind[])('lists no field of %s that no release has', (kind) => {
    expect(listedFields(kind).filter((field) => !Object.hasOwn(known.fields[kind], field))).toEqual([]);
  });

  it.each(Object.keys(known.fields) as readonly ConfigurationKind[])('has a decision for every field of %s that may be one machine’s', (kind) => {
    const speaking = Object.keys(known.fields[kind]).filter((field) => speaksOfOneMachine({ name: wordsOf(field), help: '' }));
    expect(speaking.length).toBeGreaterThan(5);
    expect(speaking.filter((field) => !classifyField(kind, field).listed)).toEqual([]);
  });
});

it('deploys by default a release that it has', () => expect(releases.map(({ kubernetes }) => kubernetes)).toContain(defaultVersion));

it('does not guess for a version it does not have', () => expect(findRelease('1.36.4')).toBeUndefined());

/** `staticPodURLHeader` as `static Pod URL Header`. */
function wordsOf(field: string): string {
  return field.replaceAll('.', ' ').replaceAll(/[a-z0-9](?=[A-Z])|[A-Z](?=[A-Z][a-z])/g, '$& ');
}
