import { describe, expect, it } from 'vitest';
import { artifactLockJson } from '../contract/artifact-lock.ts';
import type { AtHand } from './lock-differences.ts';
import { lockDifferences } from './lock-differences.ts';

const OLD = 'a'.repeat(64);
const NEW = 'b'.repeat(64);
const kubeadm = { name: 'kubeadm', version: '1.36.3', sha256: OLD, recipe: 'r1' };
const runc = { name: 'runc', version: '1.4.3', sha256: OLD, recipe: 'r2' };
const base = { kubernetes: '1.36.3', architecture: 'amd64', source: 'go' } as const;
const lock = artifactLockJson({ ...base, artifacts: [kubeadm, runc] });
const now = (change: Partial<AtHand> = {}): AtHand => ({ ...base, artifacts: [kubeadm, runc], ...change });
const otherRunc = (change: Partial<AtHand['artifacts'][number]>): Partial<AtHand> => ({ artifacts: [kubeadm, { ...runc, sha256: NEW, ...change }] });

describe('what differs from the lock', () => {
  it('is nothing where the bytes are the same, wherever they come from', () => {
    expect(lockDifferences(lock, now())).toEqual([]);
    expect(lockDifferences(lock, now({ source: 'upstream', artifacts: [kubeadm, { name: 'runc', version: '1.4.3', sha256: OLD }] }))).toEqual([]);
  });

  it.each<readonly [string, Partial<AtHand>, string]>([
    ['another Kubernetes', { kubernetes: '1.37.2' }, 'kubernetes: the lock has 1.36.3, now it is 1.37.2'],
    ['another processor', { architecture: 'arm64' }, 'architecture: the lock has amd64, now it is arm64'],
    ['one that went', { artifacts: [kubeadm] }, 'runc: it is in the lock, and not used any more'],
    ['one that came', { artifacts: [kubeadm, runc, { ...runc, name: 'ctr' }] }, 'ctr: it is not in the lock'],
    ['another version', otherRunc({ version: '1.4.4' }), 'runc: the lock has version 1.4.3, now it is 1.4.4'],
    ['another recipe', otherRunc({ recipe: 'r3' }), `runc: the lock has sha256 ${OLD}, now it is ${NEW}: this version of kubewright makes it another way`],
    ['another machine', otherRunc({}), 'made the same way on a machine whose C compiler, libraries or Debian packages differ'],
    ['another source', { ...otherRunc({}), source: 'upstream' }, 'it comes from another source'],
  ])('is told of %s', (_what, change, line) => {
    const [found, ...rest] = lockDifferences(lock, now(change));
    expect(found).toContain(line);
    expect(rest).toEqual([]);
  });

  it('is told where nothing is known of the recipe', () => {
    const { recipe: _recipe, ...bundled } = runc;
    expect(lockDifferences(lock, now({ artifacts: [kubeadm, { ...bundled, sha256: NEW }] }))).toEqual([expect.stringContaining('is not known')]);
  });

  it('is known before anything is made where recipes differ, and not guessed where they do not', () => {
    const unmade = (recipe: string): Partial<AtHand> => ({ artifacts: [kubeadm, { ...runc, sha256: undefined, recipe }] });
    expect(lockDifferences(lock, now(unmade('r2')))).toEqual([]);
    expect(lockDifferences(lock, now(unmade('r3')))).toEqual(['runc: this version of kubewright makes it another way']);
  });
});
