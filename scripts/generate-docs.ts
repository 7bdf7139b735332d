// Writes the documents that are made from the source. With --check it writes nothing and fails when one differs from what it would write.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { clusterFilePage } from './docs/cluster-file-page.ts';
import { errorsPage } from './docs/errors-page.ts';

const documents: Readonly<Record<string, () => string>> = { 'docs/cluster-file.md': clusterFilePage, 'docs/errors.md': errorsPage };

const root = join(import.meta.dirname, '..');
const isCheck = process.argv.includes('--check');

for (const [path, make] of Object.entries(documents)) {
  const file = join(root, path);
  const made = make();
  if (!isCheck) writeFileSync(file, made);
  else if (textOf(file) !== made) {
    console.error(`${path} is not what the source says: run \`make generate\` and commit it`);
    process.exitCode = 1;
  }
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // Not there: as different as can be.
    return undefined;
  }
}
