/**
 * The one table of layers: each folder of `src/` and the folders that it may import besides its own. Everybody may import `util/`
 * and `errors/`; nobody may import `main/`. `.dependency-cruiser.mjs` makes its rules from it; a folder that is missing here is an error.
 */
const everything = '*';

export const sharedFolders = ['util', 'errors'];

/** @type {Readonly<Record<string, readonly string[] | '*'>>} */
export const layers = {
  util: [],
  errors: [],
  contract: [],
  model: [],
  catalogue: ['model'],
  spec: ['model', 'catalogue'],
  shell: [],
  plan: [],
  facts: ['model', 'shell', 'plan'],
  actions: ['facts', 'model', 'shell', 'plan'],
  // catalogue: which distributions are supported, and what their packages are called.
  rules: ['facts', 'model', 'catalogue'],
  // shell: where things lie on a host; planners write no shell of their own.
  planning: ['actions', 'facts', 'rules', 'plan', 'model', 'catalogue', 'shell'],
  engine: ['plan'],
  process: ['shell'],
  // Reaches machines through the `ssh` program, so it starts local programs.
  hosts: ['shell', 'process'],
  artifacts: ['catalogue', 'process', 'hosts', 'shell'],
  lab: ['artifacts', 'hosts', 'process', 'shell', 'catalogue'],
  app: ['contract', 'model', 'catalogue', 'spec', 'shell', 'plan', 'facts', 'actions', 'rules', 'planning', 'engine', 'process', 'hosts', 'artifacts', 'lab'],
  render: ['contract', 'app'],
  // A verb's command hands what `app/` returns to `render/`.
  // shell: words of commands that are proposed.
  cli: ['contract', 'app', 'render', 'shell'],
  // A world for tests and benchmarks, beside the product: nobody but `main` could import it, and `main` does not.
  sim: ['contract', 'model', 'catalogue', 'spec', 'shell', 'plan', 'facts', 'actions', 'rules', 'planning', 'engine', 'hosts', 'artifacts', 'app'],
  main: everything,
};

/** Folders of pure code: nothing in them reaches files, programs, machines or clocks. */
export const pureFolders = ['contract', 'model', 'catalogue', 'spec', 'shell', 'plan', 'facts', 'actions', 'rules', 'planning', 'errors'];

/** Builtins of Node that reach outside the process; a folder of `pureFolders` may import none of them. */
export const impureBuiltins = [
  ['fs', 'fs/promises', 'child_process', 'net', 'os', 'http', 'http2', 'https', 'tls', 'dgram', 'dns', 'dns/promises'],
  ['timers', 'timers/promises', 'process', 'worker_threads', 'cluster', 'readline', 'readline/promises', 'tty'],
].flat();

/** npm packages that only these folders may import. */
export const packageOwners = {
  zod: ['contract', 'spec'],
  '@stricli/core': ['cli', 'main'],
  '@clack/prompts': ['cli', 'main', 'render'],
};

/** Single files that only these paths (regular expressions) may import. */
export const guardedFiles = [
  {
    file: 'src/model/cluster-scoped.ts',
    importers: ['src/spec/', 'src/model/flag-table', 'src/facts/decisions/', 'src/rules/audit/pass-foreign'],
    why: "it makes run-time data cluster-scoped: only there is a value known to be the cluster's and not one node's",
  },
];

/**
 * Folders that `folder` may not import.
 * @param {string} folder
 * @returns {readonly string[]}
 */
export function forbiddenFor(folder) {
  const allowed = layers[folder];
  if (allowed === undefined) throw new Error(`folder src/${folder} is not in the table of layers.config.js`);
  if (allowed === everything) return [];
  return Object.keys(layers).filter((other) => other !== folder && !sharedFolders.includes(other) && !allowed.includes(other));
}
