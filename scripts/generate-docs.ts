// Writes the documents that are made from the source. With --check it writes nothing and fails when one differs from what it would write.
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { clusterFilePage } from './docs/cluster-file-page.ts';
import { errorsPage } from './docs/errors-page.ts';
import { performancePage } from './docs/performance-page.ts';
import { RULE_FOLDERS, rulePages } from './docs/rule-pages.ts';

const documents: Readonly<Record<string, () => string>> = {
  'docs/cluster-file.md': clusterFilePage,
  'docs/errors.md': errorsPage,
  'docs/performance.md': performancePage,
  ...rulePages(),
};

const root = join(import.meta.dirname, '..');
const isCheck = process.argv.includes('--check');

for (const [path, make] of Object.entries(documents)) {
  const file = join(root, path);
  const made = make();
  if (isCheck) {
    if (textOf(file) !== made) complain(`${path} is not what the source says`);
    continue;
  }
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, made);
}

// A rule that went takes its page along.
for (const path of RULE_FOLDERS.flatMap(pagesIn).filter((page) => page.endsWith('.md') && !(page in documents))) {
  if (isCheck) complain(`${path} is the page of no rule`);
  else rmSync(join(root, path));
}

function complain(what: string): void {
  console.error(`${what}: run \`make generate\` and commit it`);
  process.exitCode = 1;
}

function pagesIn(folder: string): readonly string[] {
  try {
    return readdirSync(join(root, folder)).map((name) => `${folder}/${name}`);
  } catch {
    // Nothing was generated yet.
    return [];
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
