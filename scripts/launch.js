import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';

const DAY_MS = 24 * 3600 * 1000;
const EXIT_USAGE = 2;
const MIN_NODE = [20, 19];

/** In the cache: the directory of the newest bundle, then what its sources were. */
const NEWEST = 'newest';

/**
 * Runs the tool from a checkout: bundles the sources into a directory of `node_modules/.cache/kubewright/` unless the newest there is of exactly these sources, then loads it in this
 * process. With a bundle there the start costs little more than bare node; tsx would cost it anew each time.
 * @param {string} root the checkout
 */
export async function launch(root) {
  const problem = cannotRun(root);
  if (problem !== undefined) return refuse(problem);
  let directory;
  try {
    directory = await currentBundle(root);
  } catch (error) {
    return refuse(`the sources in ${root} cannot be bundled: ${error instanceof Error ? error.message : String(error)}`);
  }
  await import(pathToFileURL(join(directory, 'cli.js')).href);
}

/**
 * @param {string} problem
 */
function refuse(problem) {
  process.stderr.write(`kubewright: ${problem}\n`);
  process.exitCode = EXIT_USAGE;
}

/**
 * @param {string} root
 * @returns {string | undefined}
 */
function cannotRun(root) {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [minMajor = 0, minMinor = 0] = MIN_NODE;
  if (major < minMajor || (major === minMajor && minor < minMinor)) return `needs Node ${MIN_NODE.join('.')} or newer, this is ${process.versions.node}`;
  if (!existsSync(join(root, 'node_modules/esbuild'))) return `the npm packages are not installed; run \`make setup\` in ${root}`;
  return undefined;
}

/**
 * Directory of the bundle of the sources as they are now. Several processes may get here at once: each has a bundle of its own, and the last one's is the newest.
 * @param {string} root
 */
async function currentBundle(root) {
  const cache = join(root, 'node_modules/.cache/kubewright');
  const sources = describeSources(root);
  const kept = newestBundle(cache, sources);
  if (kept !== undefined) {
    touch(kept);
    return kept;
  }
  if (!isWritable(cache)) return bundleForOnce(root);
  removeOldBundles(cache);
  const directory = mkdtempSync(join(cache, 'bundle-'));
  // For other users of this checkout too.
  chmodSync(directory, 0o755);
  const { bundle } = await import('./bundle.js');
  await bundle({ root, outDir: directory, packages: 'bundle' });
  const aside = join(directory, NEWEST);
  writeFileSync(aside, `${basename(directory)}\n${sources}`);
  renameSync(aside, join(cache, NEWEST));
  return directory;
}

/**
 * @param {string} cache
 * @param {string} sources
 * @returns {string | undefined} the newest bundle, if it is of these sources
 */
function newestBundle(cache, sources) {
  try {
    const text = readFileSync(join(cache, NEWEST), 'utf8');
    const end = text.indexOf('\n');
    const directory = join(cache, text.slice(0, end));
    return text.slice(end + 1) === sources && existsSync(join(directory, 'cli.js')) ? directory : undefined;
  } catch {
    return undefined;
  }
}

/**
 * @param {string} cache
 */
function isWritable(cache) {
  try {
    mkdirSync(cache, { recursive: true });
    accessSync(cache, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * A bundle in a directory of its own that goes with this process: in a checkout of somebody else, or on a read-only disk, each start bundles anew. What the tool looks for beside
 * its package is found through a link.
 * @param {string} root
 */
async function bundleForOnce(root) {
  const { tmpdir } = await import('node:os');
  const directory = mkdtempSync(join(tmpdir(), 'kubewright-bundle-'));
  process.on('exit', () => rmSync(directory, { recursive: true, force: true }));
  const { bundle } = await import('./bundle.js');
  await bundle({ root, outDir: directory, packages: 'bundle' });
  symlinkSync(join(root, 'assets'), join(directory, 'assets'));
  return directory;
}

/**
 * Notes that the bundle is in use: removal of old ones goes by this.
 * @param {string} path
 */
function touch(path) {
  try {
    utimesSync(path, new Date(), new Date());
  } catch {
    // A checkout of somebody else, or on a read-only disk: nobody removes anything there either, or its owner's starts keep it.
  }
}

/**
 * Name, size and time of everything that goes into a bundle, a line each. It is told at each start, in some 8 milliseconds: a digest would first load node's cryptography.
 * @param {string} root
 */
function describeSources(root) {
  return ['package.json', 'package-lock.json', 'tsconfig.json', 'scripts/bundle.js', ...sourceFiles(root, 'src')]
    .map((file) => {
      const { size, mtimeMs } = statSync(`${root}/${file}`);
      return `${file} ${size} ${mtimeMs}\n`;
    })
    .join('');
}

/**
 * @param {string} root
 * @param {string} dir
 * @returns {string[]}
 */
function sourceFiles(root, dir) {
  return readdirSync(`${root}/${dir}`, { withFileTypes: true }).flatMap((entry) => {
    const path = `${dir}/${entry.name}`;
    if (entry.isDirectory()) return sourceFiles(root, path);
    return path.endsWith('.test.ts') ? [] : [path];
  });
}

/**
 * A tool that still runs loads its chunks when it needs them: only what nobody has started for a day goes.
 * @param {string} cache
 */
function removeOldBundles(cache) {
  for (const name of readdirSync(cache)) {
    if (name === NEWEST) continue;
    const path = join(cache, name);
    // Another process may be removing the same.
    const mtimeMs = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - mtimeMs > DAY_MS) rmSync(path, { recursive: true, force: true });
  }
}
