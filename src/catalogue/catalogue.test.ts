import { describe, expect, it } from 'vitest';
import { findRelease, knownVersions, release } from './catalogue.ts';

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

it('does not guess for a version it does not have', () => expect(findRelease('1.36.4')).toBeUndefined());
