import { describe, expect, it } from 'vitest';
import { withFlags, withoutVariables } from './manifest-edit.ts';
import { withList, withValue, withoutPaths } from './yaml-edit.ts';

const CONFIG = `apiServer:
  extraArgs:
  - name: advertise-address
    value: 10.0.0.11
  - name: event-ttl
    value: 2h
  certSANs:
  - a.example # kept
controllerManager: {}
dns: {}
timestamp: null
quoted: "10250"
`;

describe('withoutPaths', () => {
  it('takes out what it is told, and leaves every other byte', () => {
    expect(withoutPaths(CONFIG, ['apiServer.extraArgs.0'])).toBe(CONFIG.replace('  - name: advertise-address\n    value: 10.0.0.11\n', ''));
  });

  it('takes out several of one list, and what is left empty', () => {
    expect(withoutPaths(CONFIG, ['apiServer.extraArgs.1', 'apiServer.extraArgs.0', 'apiServer.certSANs.0'])).toBe(CONFIG.slice(CONFIG.indexOf('controllerManager')));
  });

  it('finds keys with dots', () => expect(withoutPaths('a:\n  b.c: 1\n  d: 2\n', ['a.b.c'])).toBe('a:\n  d: 2\n'));

  it.each([
    ['a path that is not there', CONFIG, 'apiServer.extraArgs.7'],
    ['a text that cannot be read', 'a: [', 'a'],
  ])('gives nothing for %s', (_what, text, path) => expect(withoutPaths(text, [path])).toBeUndefined());
});

describe('withValue', () => {
  it('puts another value in its place', () => expect(withValue(CONFIG, 'apiServer.extraArgs.1.value', '3h')).toBe(CONFIG.replace('2h', '3h')));
  it('makes the last step of a path', () => expect(withValue('a: 1\n', 'controlPlaneEndpoint', 'api.example:7443')).toBe('a: 1\ncontrolPlaneEndpoint: api.example:7443\n'));
  it('empties', () => expect(withValue('a: b\n', 'a', '')).toBe('a: ""\n'));
  it('gives nothing where the way is not there', () => expect(withValue('a: 1\n', 'b.c', 'd')).toBeUndefined());
});

it('withList replaces a list', () => expect(withList('e:\n- a\n- b\n', 'e', ['c'])).toBe('e:\n- c\n'));

describe('withFlags', () => {
  const manifest = '    - --advertise-address=10.0.0.1\n    - "--quoted=10.0.0.1"\n    - --other-advertise-address=10.0.0.1\n';
  it('changes the flag on its own line alone', () =>
    expect(withFlags(manifest, [{ flag: 'advertise-address', from: '10.0.0.1', to: '10.0.0.2' }])).toBe(
      manifest.replace('--advertise-address=10.0.0.1', '--advertise-address=10.0.0.2'),
    ));
  it('knows quotes', () => expect(withFlags(manifest, [{ flag: 'quoted', from: '10.0.0.1', to: '10.0.0.2' }])).toContain('"--quoted=10.0.0.2"'));
  it.each([
    ['stands there with another value', '10.0.0.9', manifest],
    ['stands there twice', '10.0.0.1', manifest + manifest],
  ])('gives nothing where it %s', (_how, from, text) => expect(withFlags(text, [{ flag: 'advertise-address', from, to: '10.0.0.2' }])).toBeUndefined());
});

it('withoutVariables takes variables out of every container', () => {
  const env = '    env:\n    - name: HTTP_PROXY\n      value: http://p\n';
  const pod = `spec:\n  containers:\n  - name: a\n${env}  - name: b\n${env}    - name: KEEP\n      value: x\n`;
  expect(withoutVariables(pod, ['HTTP_PROXY', 'NO_PROXY'])).toBe('spec:\n  containers:\n  - name: a\n  - name: b\n    env:\n    - name: KEEP\n      value: x\n');
  expect(withoutVariables(pod, ['NO_PROXY'])).toBeUndefined();
});
