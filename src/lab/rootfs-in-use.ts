import { join, relative, sep } from 'node:path';
import { readLabStates } from './lab-state.ts';
import { readMounts } from './mount-table.ts';
import { rootfsId } from './rootfs.ts';

/** Ids of cache entries that labs need: the root filesystem of this version, that of every lab of this user, which keeps the one it was made with, and whatever is mounted. */
export async function rootfsInUse(cacheRoot: string): Promise<readonly string[]> {
  const entries = join(cacheRoot, 'entries');
  const ofLabs = (await readLabStates()).flatMap(({ rootfs }) => idUnder(entries, rootfs));
  return [rootfsId(), ...ofLabs, ...(await mountedIds(entries))];
}

/** Labs of other users show in the layers of overlays that are mounted here. */
async function mountedIds(entries: string): Promise<readonly string[]> {
  const mounts = await readMounts().catch((cause: NodeJS.ErrnoException) => {
    // Not Linux: there are no labs.
    if (cause.code === 'ENOENT') return [];
    throw cause;
  });
  return mounts
    .flatMap(({ superOptions }) => superOptions.flatMap((option) => (option.startsWith('lowerdir=') ? option.slice('lowerdir='.length).split(':') : [])))
    .flatMap((path) => idUnder(entries, path));
}

function idUnder(entries: string, path: string): readonly string[] {
  const [id = '..'] = relative(entries, path).split(sep);
  return id === '..' || id === '' ? [] : [id];
}
