import { readFile, writeFile } from 'node:fs/promises';
import type { LabRun } from './lab-lock.ts';

/**
 * Kernel limits that all machines of a host share, since they are counted per user and all are root: the defaults of a single machine (128 instances) are
 * used up by three or four machines with Kubernetes, and systemd then stops at boot with "Too many open files".
 */
const LEAST = { 'fs.inotify.max_user_instances': 8192, 'fs.inotify.max_user_watches': 1_048_576 } as const;

/** Raises what is too low, and says so; nothing is ever lowered. The values hold until the next boot of this host. */
export async function raiseKernelLimits(run: LabRun): Promise<void> {
  for (const [name, least] of Object.entries(LEAST)) {
    const path = `/proc/sys/${name.replaceAll('.', '/')}`;
    const now = Number(await readFile(path, 'utf8'));
    if (now >= least) continue;
    await writeFile(path, String(least));
    run.onProgress?.({ message: `raised ${name} of this host from ${now} to ${least}: its machines share it` });
  }
}
