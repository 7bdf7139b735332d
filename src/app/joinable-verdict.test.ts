import { expect, it } from 'vitest';
import type { EtcdMemberFact } from '../facts/cluster-facts.ts';
import { joinableVerdict } from './joinable-verdict.ts';

const nodes = [1, 2, 3].map((number) => ({ name: `cp-${number}`, role: 'control-plane' as const, address: `10.88.1.1${number}` }));

function member(number: number, rest: Partial<EtcdMemberFact> = {}): EtcdMemberFact {
  return { id: `a${number}`, name: `cp-${number}`, peerURLs: [`https://10.88.1.1${number}:2380`], clientURLs: [], isLearner: false, isHealthy: true, isLeader: false, ...rest };
}

it('opens where every member votes and is healthy', () => expect(joinableVerdict([member(1), member(2)], nodes)).toEqual({ open: true }));

it.each([
  ['is a learner', { isLearner: true }],
  ['is not healthy', { isHealthy: false }],
])('waits for one that %s', (words, rest) => {
  expect(joinableVerdict([member(1), member(2, rest)], nodes)).toMatchObject({ open: false, mayOpen: true, details: [`cp-2 ${words}`] });
});

it.each([true, false])('tells at once, by the node of its address, of one that never started (learner: %s)', (isLearner) => {
  expect(joinableVerdict([member(1), member(3, { name: '', isLearner, isHealthy: false })], nodes)).toEqual({
    open: false,
    mayOpen: false,
    why: 'cp-3 was added to etcd in an earlier life and never started there: member a3, https://10.88.1.13:2380',
    details: [expect.stringContaining('etcdctl member remove a3')],
  });
});

it('tells of one at an address that no node has', () =>
  expect(joinableVerdict([member(9, { name: '', isLearner: true })], nodes)).toMatchObject({
    why: expect.stringMatching(/^a machine that is not in the file was added/) as string,
  }));
