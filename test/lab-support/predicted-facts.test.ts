import { describe, expect, it } from 'vitest';
import type { Action } from '../../src/actions/action.ts';
import { bareHost } from '../../src/facts/bare-host.ts';
import type { HostFacts } from '../../src/facts/host-facts.ts';
import type { View } from '../../src/facts/snapshot.ts';
import { known, unknown } from '../../src/plan/fact.ts';
import { predictAll, predictionErrors } from './predicted-facts.ts';

const DIGEST = 'a'.repeat(64);
const write: Action = { kind: 'file', path: '/etc/one', mode: '644', owner: 'root:root', content: [{ text: DIGEST }], was: { absent: true } };
const remove: Action = { kind: 'absent', path: '/etc/two', because: 'of the test', secret: false };

function viewOf(files: HostFacts['files']): View {
  return { host: known({ ...bareHost('one'), files }), cluster: unknown('there is none') };
}

const before = viewOf({ '/etc/one': { type: 'absent' }, '/etc/two': { type: 'file', sha256: DIGEST, sizeBytes: 1, mode: '644', owner: 'root:root' } });
const written = { type: 'file', sha256: DIGEST, sizeBytes: 7, mode: '644', owner: 'root:root' } as const;

describe('a prediction', () => {
  const predicted = predictAll([write, remove], before);

  it('holds where the host is as predicted', () => {
    const after = viewOf({ '/etc/one': written, '/etc/two': { type: 'absent' } });
    expect([write, remove].flatMap((action) => predictionErrors(action, { predicted, after }))).toEqual([]);
  });

  it.each<readonly [what: string, files: HostFacts['files']]>([
    ['another content', { '/etc/one': { ...written, sha256: 'b'.repeat(64) }, '/etc/two': { type: 'absent' } }],
    ['another mode', { '/etc/one': { ...written, mode: '600' }, '/etc/two': { type: 'absent' } }],
    ['a file that was not written', { '/etc/one': { type: 'absent' }, '/etc/two': { type: 'absent' } }],
    ['a file that was not looked at', { '/etc/two': { type: 'absent' } }],
    ['a file that is still there', { '/etc/one': written, '/etc/two': written }],
  ])('fails for %s', (_, files) => expect([write, remove].flatMap((action) => predictionErrors(action, { predicted, after: viewOf(files) }))).not.toEqual([]));

  it('fails where the action predicts nothing', () => {
    const after = viewOf({ '/etc/one': written, '/etc/two': { type: 'absent' } });
    expect(predictionErrors(write, { predicted: before, after })).toEqual([
      'write /etc/one: absent in the facts that were predicted',
      expect.stringContaining('predicted absent, found sha256'),
    ]);
  });
});
