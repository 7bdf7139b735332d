import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, open } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureCgroup, removeCgroup } from './cgroups.ts';
import { bridgeName, cgroupName, linkName, nspawnName } from './lab-names.ts';
import { machinePaths } from './lab-paths.ts';
import type { LabState } from './lab-state.ts';
import { DATA_DIRECTORIES } from './machine-files.ts';
import { mountRoot } from './mounts.ts';
import { removeLink } from './network.ts';

/** Enters the cgroups named by its first arguments, then becomes the program that follows them. */
const LAUNCHER = 'n=$1; shift; while [ "$n" -gt 0 ]; do echo $$ > "$1/cgroup.procs" || exit 1; shift; n=$((n-1)); done; exec "$@"';
const HOST_DEVICES = ['/dev/fuse', '/dev/kmsg'] as const;

/** Starts a machine of which nothing runs. It outlives this process: own session, own cgroups, its console a file. */
export async function startMachine(lab: LabState, machine: string): Promise<void> {
  const ref = { lab: lab.name, name: machine };
  await removeCgroup(cgroupName(ref));
  await removeLink(linkName(lab.index, machine));
  await mountRoot(lab.rootfs, machinePaths(lab.name, machine));
  const cgroups = await ensureCgroup(cgroupName(ref));
  await launch(machinePaths(lab.name, machine).consoleLog, [String(cgroups.length), ...cgroups, 'systemd-nspawn', ...(await nspawnArguments(lab, machine))]);
}

async function launch(consoleLog: string, args: readonly string[]): Promise<void> {
  const log = await open(consoleLog, 'a');
  try {
    const child = spawn('/bin/sh', ['-c', LAUNCHER, 'sh', ...args], { detached: true, cwd: '/', stdio: ['ignore', log.fd, log.fd], env: launchEnvironment() });
    await once(child, 'spawn');
    child.unref();
  } finally {
    await log.close();
  }
}

/** Nothing of the user's shell reaches a machine. */
function launchEnvironment(): NodeJS.ProcessEnv {
  // /proc/sys is writable in the machine: kernel settings are among what prepares a node.
  return { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LANG: 'C.UTF-8', SYSTEMD_NSPAWN_API_VFS_WRITABLE: '1' };
}

async function nspawnArguments(lab: LabState, machine: string): Promise<readonly string[]> {
  const { root, data } = machinePaths(lab.name, machine);
  return [
    // A terminal of its own: on a pipe systemd prints nothing, and the console log would be empty.
    ...['--quiet', '--settings=no', '--boot', '--console=read-only', `--directory=${root}`],
    ...[`--machine=${nspawnName(lab.index, machine)}`, `--hostname=${machine}`, `--network-bridge=${bridgeName(lab.index)}`],
    // No service manager of the host is asked: the machine stays in the cgroups it was started in.
    ...['--register=no', '--keep-unit', '--link-journal=no', '--resolv-conf=off', '--timezone=off'],
    // A node's container runtime needs what a whole machine has.
    ...['--capability=all', '--system-call-filter=@known'],
    ...(await presentDevices()).map((device) => `--bind=${device}`),
    ...DATA_DIRECTORIES.map((name) => `--bind=${join(data, name)}:/var/lib/${name}`),
  ];
}

async function presentDevices(): Promise<readonly string[]> {
  const present = await Promise.all(
    HOST_DEVICES.map((device) =>
      access(device).then(
        () => [device],
        () => [],
      ),
    ),
  );
  return present.flat();
}
