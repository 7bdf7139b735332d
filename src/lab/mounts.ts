import { mkdir, realpath } from 'node:fs/promises';
import { AppError } from '../errors/app-error.ts';
import { runProgram } from '../process/run-program.ts';
import type { MachinePaths } from './lab-paths.ts';
import { isMissing } from './lab-state.ts';
import { mountPointsUnder, readMounts } from './mount-table.ts';

/** Mounts the machine's root: the shared root filesystem below, its own files above. */
export async function mountRoot(rootfs: string, paths: MachinePaths): Promise<void> {
  await mkdir(paths.root, { recursive: true });
  if ((await mountedUnder(paths.root)).length > 0) return;
  await mkdir(paths.work, { recursive: true });
  // index=off: the upper directory of a restored machine is a copy, which an index would refuse.
  await runProgram('mount', ['-t', 'overlay', 'overlay', '-o', `index=off,lowerdir=${rootfs},upperdir=${paths.upper},workdir=${paths.work}`, paths.root]);
}

/** Unmounts everything at and under a directory. Afterwards it is safe to remove it: throws while something is still mounted. */
export async function unmountUnder(directory: string): Promise<void> {
  for (const target of await mountedUnder(directory)) await runProgram('umount', [target]);
  const left = await mountedUnder(directory);
  if (left.length > 0) throw new AppError('lab-failed', `${left[0] ?? directory} cannot be unmounted`, { details: left });
}

/** The kernel lists mounts by their real paths, and a home directory may well be a symbolic link. */
async function mountedUnder(directory: string): Promise<readonly string[]> {
  const real = await realpath(directory).catch((cause: unknown) => {
    if (isMissing(cause)) return directory;
    throw cause;
  });
  return mountPointsUnder(await readMounts(), real);
}

/** Throws for a path that mount options and systemd-nspawn's binds cannot hold. */
export function checkMountablePath(path: string): void {
  if (!/[,:\\"\s]/.test(path)) return;
  throw new AppError('lab-unsupported', `path ${path} cannot hold a lab's machines`, {
    hint: 'set XDG_STATE_HOME and KUBEWRIGHT_CACHE to paths without blanks, commas, colons, quotes and backslashes',
  });
}
