import { describe, expect, it } from 'vitest';
import type { EtcdMemberFact } from '../facts/cluster-facts.ts';
import { removableVerdict, sparedVerdict } from './quorum-verdicts.ts';

const urlOf = (name: string): string => `https://${name}.example:2380`;

/** Members named as given: `cp-2-` is down, `cp-2?` a learner. */
const membersOf = (...words: readonly string[]): readonly EtcdMemberFact[] =>
  words.map((word) => {
    const name = word.replace(/[-?]$/, '');
    return { id: name, name, peerURLs: [urlOf(name)], clientURLs: [], isLearner: word.endsWith('?'), isHealthy: !word.endsWith('-'), isLeader: false };
  });

const CP_1 = { node: 'cp-1', peerURL: urlOf('cp-1') };
type Row = readonly [members: readonly string[], removable: boolean, spared: boolean];

describe('the member of cp-1', () => {
  it.each<Row>([
    [['cp-1', 'cp-2', 'cp-3'], true, true],
    [['cp-1', 'cp-2-', 'cp-3'], false, false],
    [['cp-1-', 'cp-2', 'cp-3'], true, true],
    // One of four that is gone leaves three; one that stops leaves four.
    [['cp-1', 'cp-2-', 'cp-3', 'cp-4'], true, false],
    [['cp-1', 'cp-2', 'cp-3', 'cp-4'], true, true],
    [['cp-1', 'cp-2-', 'cp-3', 'cp-4', 'cp-5'], true, true],
    [['cp-1', 'cp-2-', 'cp-3-', 'cp-4', 'cp-5'], false, false],
    // Of two none can be spared: that of the other is what is left.
    [['cp-1', 'cp-2'], true, true],
    [['cp-1', 'cp-2-'], false, false],
    // Learners have no vote.
    [['cp-1', 'cp-2', 'cp-3?'], true, true],
    [['cp-1?', 'cp-2', 'cp-3-'], false, true],
    [['cp-2-', 'cp-3'], true, true],
  ])('%j: may go for good: %s, may stop for a while: %s', (words, removable, spared) => {
    const members = membersOf(...words);
    expect({ removable: removableVerdict(members, CP_1).open, spared: sparedVerdict(members, CP_1).open }).toEqual({ removable, spared });
  });

  it('says who must be healthy before it may stop', () =>
    expect(sparedVerdict(membersOf('cp-1', 'cp-2-', 'cp-3', 'cp-4'), CP_1)).toEqual({
      open: false,
      why: 'while cp-1 stops 2 of 4 etcd members would be healthy, and 3 are needed: cp-2 must be healthy first',
      details: [],
      mayOpen: true,
    }));

  it('is known by its peer URL where it has never started', () => {
    const [first, ...rest] = membersOf('cp-1', 'cp-2-', 'cp-3');
    expect(removableVerdict([{ ...first!, name: '' }, ...rest], CP_1)).toMatchObject({ open: false, why: expect.stringContaining('1 of 2') as string });
  });
});
