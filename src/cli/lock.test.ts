import { describe, expect, it } from 'vitest';
import type { LockChoice } from '../app/lock-artifacts.ts';
import { artifactLockJson, artifactLockSchema } from '../contract/artifact-lock.ts';
import { runOnBench } from './testing/cli-bench.ts';
import { plannedWorld } from './testing/planned-cluster.ts';
import type { Verbs } from './verbs.ts';

const lock = artifactLockJson({ kubernetes: '1.36.3', architecture: 'amd64', source: 'go', artifacts: [{ name: 'runc', version: '1.4.3', sha256: 'a'.repeat(64) }] });
const newLock = { path: '/c/cluster.lock', lock };

/** A disk that takes lock files, or says why it does not. */
function disk(problem?: Error): { readonly written: string[]; readonly asked: LockChoice[]; readonly lock: Verbs['lock'] } {
  const written: string[] = [];
  const asked: LockChoice[] = [];
  const writeLock = async (path: string): Promise<void> => {
    if (problem !== undefined) throw problem;
    written.push(path);
  };
  const lockArtifacts = async (choice: LockChoice) => {
    asked.push(choice);
    return { ...newLock, differences: ['runc: other bytes'] };
  };
  return { written, asked, lock: async () => ({ writeLock, lockArtifacts }) };
}

describe('apply', () => {
  it('writes the lock of a cluster file that has none, once it is agreed to', async () => {
    const { lock: verb, written } = disk();
    const run = await runOnBench(['apply', '--yes'], { verbs: { ...plannedWorld({ newLock }).verbs, lock: verb } });
    expect(run).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('/c/cluster.lock is written: later runs use the same bytes') as string });
    expect(written).toEqual(['/c/cluster.lock']);
    expect((await runOnBench(['apply'], { verbs: { ...plannedWorld({ newLock }).verbs, lock: verb }, isTerminal: true })).exitCode).toBe(130);
    expect(written).toHaveLength(1);
  });

  it('writes none where there is one', async () => expect((await runOnBench(['apply', '--yes'], { verbs: plannedWorld().verbs })).exitCode).toBe(0));

  it('goes on where it cannot be written, and says so', async () => {
    const full = Object.assign(new Error('EROFS: read-only file system'), { syscall: 'open' });
    const run = await runOnBench(['apply', '--yes'], { verbs: { ...plannedWorld({ newLock }).verbs, lock: disk(full).lock } });
    expect(run).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('could not be written, so later runs may use other bytes: read-only file system') as string });
  });
});

describe('artifacts lock', () => {
  it('says what changes', async () => {
    const { lock: verb, asked } = disk();
    const run = await runOnBench(['artifacts', 'lock', '-f', 'c.yaml', '--update', '--source', 'bundle:b'], { verbs: { lock: verb } });
    expect(run).toMatchObject({ exitCode: 0, stdout: 'changed: runc: other bytes\n/c/cluster.lock: 1 artifact of source go\n' });
    expect(asked).toEqual([{ file: 'c.yaml', source: { source: 'bundle', directory: 'b' }, isUpdate: true }]);
  });

  it('answers with the lock', async () => {
    const { stdout } = await runOnBench(['artifacts', 'lock', '-o', 'json'], { verbs: { lock: disk().lock } });
    expect(artifactLockSchema.parse(JSON.parse(stdout))).toEqual(lock);
  });
});
