import { describe, expect, it } from 'vitest';
import type { KnownSettings } from './known-settings.ts';
import { changedSettings, mergedSettings, names } from './known-settings.ts';

const before: KnownSettings = {
  flags: { 'kube-apiserver': ['a', 'm'], 'kube-controller-manager': [], 'kube-scheduler': [], etcd: ['old'], kubelet: [] },
  fields: { KubeletConfiguration: { address: 'text', maxPods: 'number' }, KubeProxyConfiguration: {} },
};
const after = changedSettings(before, {
  flags: { 'kube-apiserver': { added: ['b', 'z'], removed: ['m'] } },
  fields: { KubeletConfiguration: { added: { sysctls: 'map of text' }, removed: ['address'] } },
});

describe('a release told by its changes', () => {
  it('has what it adds, in order, and lacks what it removes; the rest is as before', () => {
    expect(after).toEqual({
      flags: { ...before.flags, 'kube-apiserver': ['a', 'b', 'z'] },
      fields: { ...before.fields, KubeletConfiguration: { maxPods: 'number', sysctls: 'map of text' } },
    });
  });

  it.each([
    ['adds what was there', { flags: { etcd: { added: ['old'], removed: [] } }, fields: {} }],
    ['removes what was not', { flags: { etcd: { added: [], removed: ['older'] } }, fields: {} }],
    ['removes a field that was not', { flags: {}, fields: { KubeProxyConfiguration: { added: {}, removed: ['mode'] } } }],
  ])('is wrong where it %s', (_what, changes) => {
    expect(() => changedSettings(before, changes)).toThrow('no change of');
  });
});

it('merges releases: what any of them takes', () => {
  expect(mergedSettings([before, after])).toEqual({
    flags: { ...before.flags, 'kube-apiserver': ['a', 'b', 'm', 'z'] },
    fields: { ...before.fields, KubeletConfiguration: { address: 'text', maxPods: 'number', sysctls: 'map of text' } },
  });
});

it('reads lists of several names in a line', () => expect(names(['a b', 'c'])).toEqual(['a', 'b', 'c']));
