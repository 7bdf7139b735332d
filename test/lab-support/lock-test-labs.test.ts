import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { lockTestLabs } from './lock-test-labs.ts';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'kubewright-lock-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

it('gives the labs to one run of tests at a time, and says at once who has them', async () => {
  const path = join(directory, 'lock');
  const first = await lockTestLabs(path);
  await expect(lockTestLabs(path)).rejects.toThrow(`run already, as process ${process.pid} on`);
  await first.release();
  await (await lockTestLabs(path)).release();
});

it('gives them to one of two that begin together', async () => {
  const both = await Promise.allSettled([lockTestLabs(join(directory, 'lock')), lockTestLabs(join(directory, 'lock'))]);
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
});
