import { createHash, randomUUID } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync, symlinkSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const DAY_MS = 24 * 3600 * 1000;
const EXIT_USAGE = 2;
const MIN_NODE = [20, 19];

/**
 * Runs the tool from a checkout: bundles the sources into `node_modules/.cache/kubewright/<key>/` when no bundle of exactly these sources is
 * there, then loads it in this process. With a bundle there the start costs little more than bare node; tsx would cost it anew each time.
 * @param {string} root the checkout
 */
export async function launch(root) {
  const problem = cannotRun(root);
  if (problem !== undefined) return refuse(problem);
  process.setSourceMapsEnabled(true);
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
 * Directory of the bundle of the sources as they are now. Several processes may get here at once: each builds aside and renames, one wins.
 * @param {string} root
 */
async function currentBundle(root) {
  const cache = join(root, 'node_modules/.cache/kubewright');
  const wanted = join(cache, sourcesKey(root));
  if (existsSync(wanted)) {
    touch(wanted);
    return wanted;
  }
  if (!isWritable(cache)) return bundleForOnce(root);
  removeOldBundles(cache);
  const aside = join(cache, `new-${randomUUID()}`);
  const { bundle } = await import('./bundle.js');
  await bundle({ root, outDir: aside, packages: 'bundle' });
  try {
    renameSync(aside, wanted);
  } catch (error) {
    if (!existsSync(wanted)) throw error;
    rmSync(aside, { recursive: true });
  }
  touch(wanted);
  return wanted;
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
 * Digest over name, size and time of everything that goes into a bundle.
 * @param {string} root
 */
function sourcesKey(root) {
  const hash = createHash('sha256');
  for (const file of ['package.json', 'package-lock.json', 'tsconfig.json', 'scripts/bundle.js', ...sources(root, 'src')]) {
    const { size, mtimeMs } = statSync(join(root, file));
    hash.update(`${file}\0${size}\0${mtimeMs}\n`);
  }
  return hash.digest('hex').slice(0, 16);
}

/**
 * @param {string} root
 * @param {string} dir
 * @returns {string[]}
 */
function sources(root, dir) {
  return readdirSync(join(root, dir), { withFileTypes: true })
    .flatMap((entry) => (entry.isDirectory() ? sources(root, `${dir}/${entry.name}`) : `${dir}/${entry.name}`))
    .filter((file) => !file.endsWith('.test.ts'))
    .toSorted();
}

/**
 * A tool that still runs loads its chunks when it needs them: only what nobody has started for a day goes.
 * @param {string} cache
 */
function removeOldBundles(cache) {
  for (const name of readdirSync(cache)) {
    const path = join(cache, name);
    // Another process may be removing the same.
    const mtimeMs = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - mtimeMs > DAY_MS) rmSync(path, { recursive: true, force: true });
  }
}
