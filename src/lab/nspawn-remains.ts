import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { nspawnName } from './lab-names.ts';
import { emptyIfMissing, isMissing } from './lab-state.ts';

/** Where systemd-nspawn keeps one lock file per root directory and one empty directory per machine, which it leaves there when it is killed. */
const NSPAWN_RUN = '/run/systemd/nspawn';

/** Removes the lock file of the machine's root; to be called before it is unmounted, as the file is named by device and inode. */
export async function removeNspawnLock(root: string): Promise<void> {
  const found = await stat(root).catch((cause: unknown) => {
    if (isMissing(cause)) return undefined;
    throw cause;
  });
  if (found) await rm(join(NSPAWN_RUN, 'locks', `inode-${found.dev}:${found.ino}`), { force: true });
}

/** Removes what is left of all machines that a lab ever had. */
export async function removeNspawnDirectories(index: number): Promise<void> {
  const directory = join(NSPAWN_RUN, 'propagate');
  const prefix = nspawnName(index, '');
  const left = (await readdir(directory).catch(emptyIfMissing)).filter((name) => name.startsWith(prefix));
  await Promise.all(left.map((name) => rm(join(directory, name), { recursive: true, force: true })));
}
