import { describe, expect, it } from 'vitest';
import type { LedgerItem } from './ledger-facts.ts';
import { isChangedByOthers } from './ledger-facts.ts';

const secret: LedgerItem = { path: '/etc/x/key', what: 'secret', existed: false, was: '', backup: '', written: ['d1'], now: 'file 600 root:root', digest: 'd1' };

describe('a secret', () => {
  it.each<readonly [what: string, change: Partial<LedgerItem>, isChanged: boolean]>([
    ['as it was written is ours', {}, false],
    ['of other bytes is of others', { digest: 'd2' }, true],
    ['whose digest cannot be made, since the salt is gone, may be of others', { digest: '' }, true],
    ['of which an earlier version noted no digest is ours', { written: [], digest: '' }, false],
    ['that is gone is nobody’s', { now: 'absent', digest: '' }, false],
  ])('%s', (_what, change, isChanged) => expect(isChangedByOthers({ ...secret, ...change })).toBe(isChanged));
});
