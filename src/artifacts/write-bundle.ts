import { copyFile, link, mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '../errors/app-error.ts';
import { absent } from '../util/absent.ts';
import type { Artifact } from './artifact.ts';
import type { BundleIndex } from './bundle-index.ts';
import { FILES, INDEX_FILE, SUMS_FILE, bundleIndex, bundledPath, indexText, parseIndex, sumsText } from './bundle-index.ts';
import { systemWords } from '../util/system-words.ts';
import { fileSha256 } from './content-digest.ts';

export interface BundleOrder extends Omit<BundleIndex, 'kind' | 'form' | 'artifacts'> {
  readonly artifacts: readonly Artifact[];
  readonly directory: string;
  /** Hard links to the cache's files instead of copies, where both lie on one disk. */
  readonly isLinked: boolean;
}

export interface BundleContext {
  readonly signal: AbortSignal;
  readonly onProgress: (line: string) => void;
}

/**
 * Makes the folder of a bundle, or completes one: what lies there with its digest is kept. The index is written last, so that a folder with an index is whole; equal artifacts give equal bytes.
 * Throws `artifact-failed` for an artifact of the cache that is not what it was, `local-file` for a folder that holds other things or cannot be one, `refused` for one with a bundle of another release.
 */
export async function writeBundle(order: BundleOrder, { signal, onProgress }: BundleContext): Promise<BundleIndex> {
  const { directory, artifacts } = order;
  const index = bundleIndex(order, artifacts);
  await beginIn(directory, indexText(index));
  for (const artifact of artifacts) {
    signal.throwIfAborted();
    if (await put(artifact, join(directory, bundledPath(artifact.name)), order, signal)) onProgress(`${artifact.name}: put into the bundle`);
  }
  await replace(join(directory, SUMS_FILE), sumsText(index));
  await replace(join(directory, INDEX_FILE), indexText(index));
  return index;
}

/** An index of other content goes first: from here on, until it is whole again, the folder is no bundle. */
async function beginIn(directory: string, text: string): Promise<void> {
  const names = await namesIn(directory);
  const strange = names.find((name) => ![FILES, INDEX_FILE, SUMS_FILE].includes(name.replace(NEW, '')));
  if (strange !== undefined)
    throw new AppError('local-file', `${directory} holds ${strange}, which is of no bundle; nothing was written`, { hint: 'name a folder that is empty or not there' });
  const found = names.includes(INDEX_FILE) ? await readFile(join(directory, INDEX_FILE), 'utf8') : undefined;
  if (found === text) return;
  if (found !== undefined) refuseOther(directory, parseIndex(found), parseIndex(text));
  await rm(join(directory, INDEX_FILE), { force: true });
}

/** What is in the folder, which is made where it is not there. Throws `local-file`. */
async function namesIn(directory: string): Promise<readonly string[]> {
  try {
    await makeFolder(directory);
    return await readdir(directory);
  } catch (cause) {
    throw new AppError('local-file', `no bundle can be made in ${directory}: ${systemWords(cause)}`, {
      hint: 'name a folder that is empty or not there, in a place where you may write',
      cause,
    });
  }
}

/** With those above it, one by one: node's recursive making tries for ever in a place that takes none (/proc). */
async function makeFolder(directory: string): Promise<void> {
  const failure = await mkdir(directory).then(
    () => undefined,
    (cause: NodeJS.ErrnoException) => cause,
  );
  const isThere = (path: string): Promise<boolean> =>
    stat(path).then(
      (found) => found.isDirectory(),
      () => false,
    );
  if (failure === undefined || (failure.code === 'EEXIST' && (await isThere(directory)))) return;
  if (failure.code !== 'ENOENT' || (await isThere(dirname(directory)))) throw failure;
  await makeFolder(dirname(directory));
  await mkdir(directory);
}

/** A whole bundle of another release, or for other machines, is somebody's. Throws `refused`. */
function refuseOther(directory: string, there: BundleIndex | undefined, wanted: BundleIndex | undefined): void {
  if (there === undefined || wanted === undefined || (there.kubernetes === wanted.kubernetes && there.architecture === wanted.architecture)) return;
  throw new AppError('refused', `${directory} holds a bundle for Kubernetes ${there.kubernetes} on ${there.architecture}; nothing was written`, {
    hint: `name another folder for ${wanted.kubernetes} on ${wanted.architecture}, or remove that one first`,
  });
}

/** Whether it had to be put there. */
async function put({ name, path, sha256, sizeBytes }: Artifact, to: string, { isLinked }: BundleOrder, signal: AbortSignal): Promise<boolean> {
  if ((await stat(to).catch(absent))?.size === sizeBytes && (await fileSha256(to, signal)) === sha256) return false;
  await mkdir(dirname(to), { recursive: true });
  const draft = `${to}${NEW}`;
  await rm(draft, { force: true });
  if (!isLinked || !(await linked(path, draft))) await copyFile(path, draft);
  const found = await fileSha256(draft, signal);
  if (found !== sha256) {
    await rm(draft);
    throw new AppError('artifact-failed', `artifact ${name} in the cache is damaged: ${path} has sha256 ${found}, and had ${sha256} when it was made`, {
      hint: `remove ${dirname(path)} and run the command again`,
    });
  }
  await rename(draft, to);
  return true;
}

/** False where the two would lie on different disks. */
async function linked(path: string, to: string): Promise<boolean> {
  try {
    await link(path, to);
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EXDEV') return false;
    throw cause;
  }
}

const NEW = '.new';

async function replace(path: string, text: string): Promise<void> {
  await writeFile(`${path}${NEW}`, text, { flush: true });
  await rename(`${path}${NEW}`, path);
}
