import { existsSync, readdirSync } from 'node:fs';
import { forbiddenFor, guardedFiles, impureBuiltins, layers, packageOwners, pureFolders } from './layers.config.js';

// Tests, and what serves tests alone (`testing/`), may import anything; code may not import them.
const TESTS = String.raw`\.test\.ts$|/testing/`;
/** @type {(text: string) => string} */
const escape = (text) => text.replaceAll(/[$.*+?^(){}|[\]\\/]/g, String.raw`\$&`);
/** @type {(names: readonly string[]) => string} */
const anyOf = (names) => `(${names.map(escape).join('|')})`;

// A folder of src/ that the table does not know is an error at once.
for (const entry of existsSync('src') ? readdirSync('src', { withFileTypes: true }) : []) if (entry.isDirectory()) forbiddenFor(entry.name);

const layerRules = Object.keys(layers)
  .map((folder) => ({ folder, forbidden: forbiddenFor(folder) }))
  .filter(({ forbidden }) => forbidden.length > 0)
  .map(({ folder, forbidden }) => ({
    name: `layer-${folder}`,
    comment: `src/${folder}/ may not import ${forbidden.join(', ')} (layers.config.js)`,
    severity: 'error',
    from: { path: `^src/${folder}/`, pathNot: TESTS },
    to: { path: `^src/${anyOf(forbidden)}/` },
  }));

const packageRules = Object.entries(packageOwners).map(([name, owners]) => ({
  name: `package-${name.replaceAll(/[^a-z]+/g, '-').replace(/^-/, '')}`,
  comment: `${name} is imported in ${owners.join(' and ')} only`,
  severity: 'error',
  from: { path: '^src/', pathNot: [TESTS, `^src/${anyOf(owners)}/`] },
  to: { path: `(^|/)node_modules/${escape(name)}/` },
}));

const guardedRules = guardedFiles.map(({ file, importers, why }) => ({
  name: `guarded-${file.replace(/^.*\//, '').replace(/\.ts$/, '')}`,
  comment: why,
  severity: 'error',
  from: { path: '^src/', pathNot: [TESTS, ...importers.map((path) => `^${path}`)] },
  to: { path: `^${escape(file)}$` },
}));

export default {
  forbidden: [
    ...layerRules,
    ...packageRules,
    ...guardedRules,
    {
      name: 'pure-folders',
      comment: 'the functional core reaches no file, program, machine or clock: hand it what it needs',
      severity: 'error',
      from: { path: `^src/${anyOf(pureFolders)}/`, pathNot: TESTS },
      to: { dependencyTypes: ['core'], path: `^(node:)?${anyOf(impureBuiltins)}$` },
    },
    { name: 'no-cycles', comment: 'a cycle is two halves that know each other', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-tests-in-code', severity: 'error', from: { path: '^(src|scripts)/', pathNot: TESTS }, to: { path: [TESTS, '^test/'] } },
    { name: 'no-scripts-in-src', severity: 'error', from: { path: '^src/' }, to: { path: '^scripts/' } },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'no-dev-dependencies-in-src',
      comment: 'what runs at a user must be in dependencies; types alone need not',
      severity: 'error',
      from: { path: '^src/', pathNot: TESTS },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'], extensions: ['.ts', '.js', '.json'] },
  },
};
