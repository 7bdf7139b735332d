import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/** A directory for the tests of the group that asks for it, gone when they have ended: kubeconfigs and journals of test clusters may lie there. */
export function scratchDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'kubewright-test-'));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}
