import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cruise } from 'dependency-cruiser';
import type { ICruiseOptions, ICruiseResult } from 'dependency-cruiser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import config from '../../.dependency-cruiser.mjs';

const NOTHING = 'export const nothing = 0;\n';

/** Each file of a made-up tree with what it imports, and the rule that this breaks (none: allowed). */
const cases: readonly (readonly [file: string, imports: string, rule: string | undefined])[] = [
  ['src/model/up.ts', '../facts/target.ts', 'layer-model'],
  ['src/planning/up.ts', '../engine/target.ts', 'layer-planning'],
  ['src/engine/side.ts', '../hosts/target.ts', 'layer-engine'],
  ['src/engine/types.ts', 'type:../actions/target.ts', 'layer-engine'],
  ['src/app/up.ts', '../render/target.ts', 'layer-app'],
  ['src/lab/up.ts', '../app/target.ts', 'layer-lab'],
  ['src/render/up.ts', '../planning/target.ts', 'layer-render'],
  ['src/hosts/up.ts', '../main/target.ts', 'layer-hosts'],
  ['src/planning/mint.ts', '../model/cluster-scoped.ts', 'guarded-cluster-scoped'],
  ['src/rules/audit/mint.ts', '../../model/cluster-scoped.ts', 'guarded-cluster-scoped'],
  ['src/app/mint.ts', '../model/cluster-scoped.ts', 'guarded-cluster-scoped'],
  ['src/facts/observe-mint.ts', '../model/cluster-scoped.ts', 'guarded-cluster-scoped'],
  ['src/planning/schema.ts', 'zod', 'package-zod'],
  ['src/app/commands.ts', '@stricli/core', 'package-stricli-core'],
  ['src/spec/read.ts', 'node:fs', 'pure-folders'],
  ['src/facts/read.ts', 'node:fs/promises', 'pure-folders'],
  ['src/rules/run.ts', 'child_process', 'pure-folders'],
  ['src/util/ring-a.ts', './ring-b.ts', 'no-cycles'],
  ['src/hosts/missing.ts', './not-there.ts', 'resolvable'],
  ['src/hosts/dev.ts', 'ssh2', 'no-dev-dependencies-in-src'],
  ['src/hosts/tested.ts', './free.test.ts', 'no-tests-in-code'],
  ['src/hosts/scripted.ts', '../../scripts/target.ts', 'no-scripts-in-src'],
  ['src/hosts/free.test.ts', '../app/target.ts', undefined],
  ['src/hosts/testing/host-contract.ts', '../../app/target.ts', undefined],
  ['src/hosts/testing-in-code.ts', './testing/host-contract.ts', 'no-tests-in-code'],
  ['src/hosts/dev.test.ts', 'ssh2', undefined],
  ['src/spec/schema.ts', 'zod', undefined],
  ['src/spec/mint.ts', '../model/cluster-scoped.ts', undefined],
  ['src/model/flag-table-lookup.ts', './cluster-scoped.ts', undefined],
  ['src/facts/decisions/conntrack.ts', '../../model/cluster-scoped.ts', undefined],
  ['src/rules/audit/pass-foreign.ts', '../../model/cluster-scoped.ts', undefined],
  ['src/planning/down.ts', '../facts/target.ts', undefined],
  ['src/hosts/read.ts', 'node:fs', undefined],
  ['src/model/hash.ts', 'node:crypto', undefined],
  ['src/plan/fail.ts', '../errors/target.ts', undefined],
  ['src/app/down.ts', '../lab/target.ts', undefined],
  ['src/main/all.ts', '../render/target.ts', undefined],
];

const targets = ['facts', 'engine', 'hosts', 'actions', 'render', 'app', 'planning', 'main', 'errors', 'lab'].map((folder) => `src/${folder}/target.ts`);

function importLine(imports: string): string {
  return imports.startsWith('type:')
    ? `import type * as it from '${imports.slice('type:'.length)}';\nexport type It = typeof it;\n`
    : `import * as it from '${imports}';\nexport const used = it;\n`;
}

describe('the layer rules', () => {
  const tree = mkdtempSync(join(tmpdir(), 'kubewright-layers-'));
  const home = process.cwd();
  let broken: ReadonlyMap<string, readonly string[]>;

  beforeAll(async () => {
    const write = (file: string, content: string): void => {
      mkdirSync(dirname(join(tree, file)), { recursive: true });
      writeFileSync(join(tree, file), content);
    };
    for (const target of [...targets, 'src/model/cluster-scoped.ts', 'scripts/target.ts']) write(target, NOTHING);
    for (const [file, imports] of cases) write(file, importLine(imports));
    write('src/util/ring-b.ts', importLine('./ring-a.ts'));
    write('tsconfig.json', '{}');
    write('package.json', JSON.stringify({ type: 'module', dependencies: { zod: '*', '@stricli/core': '*' }, devDependencies: { ssh2: '*' } }));
    for (const name of ['zod', '@stricli/core', 'ssh2']) {
      write(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' }));
      write(`node_modules/${name}/index.js`, NOTHING);
    }
    broken = await violations(tree);
  });

  afterAll(() => {
    process.chdir(home);
    rmSync(tree, { recursive: true });
  });

  it.each(cases)('%s imports %s: breaks %s', (file, _imports, rule) => {
    expect(broken.get(file) ?? []).toEqual(rule === undefined ? [] : [rule]);
  });
});

/** Names of the rules that each file breaks. */
async function violations(tree: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const options = { ...config.options, ruleSet: { forbidden: config.forbidden }, validate: true, baseDir: tree } as ICruiseOptions;
  const { output } = await cruise(['src', 'scripts'], options, undefined, { tsConfig: { options: {} } });
  const byFile = new Map<string, string[]>();
  for (const { from, rule } of (output as ICruiseResult).summary.violations) byFile.set(from, [...(byFile.get(from) ?? []), rule.name]);
  return byFile;
}
