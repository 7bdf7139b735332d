import { access, chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ensureEntry } from '../artifacts/cache.ts';
import { AppError } from '../errors/app-error.ts';
import { runProgram } from '../process/run-program.ts';
import { canonicalJson } from '../util/canonical-json.ts';
import { sha256 } from '../util/sha256.ts';
import { hostDebianSources } from './debian-sources.ts';
import type { LabRun } from './lab-lock.ts';
import { PREPARE_SCRIPT_FILE, PREPARE_UNIT_NAME, ROOTFS_FILES } from './rootfs-files.ts';

/** Later releases' systemd no longer runs on cgroup v1 hosts. */
const SUITE = 'bookworm';
/** Without udev networkd waits for ever, as /sys is writable in the machines. */
const PACKAGES = [
  ...['systemd-sysv', 'udev', 'dbus', 'openssh-server', 'sudo', 'iproute2', 'iptables', 'nftables', 'conntrack', 'socat', 'ethtool', 'ebtables'],
  ...['kmod', 'procps', 'ca-certificates', 'curl', 'iputils-ping', 'haproxy'],
] as const;
/** Of the host that built it, of one machine, or of no use in a network that leads nowhere. */
const REMOVED = ['etc/hostname', 'etc/resolv.conf', 'etc/apt/sources.list'] as const;
const ENABLED_UNITS = [PREPARE_UNIT_NAME, 'systemd-networkd.service'] as const;
/** Kubewright runs HAProxy by a unit of its own; the others need disks or a network that leads somewhere. */
const DISABLED_UNITS = ['haproxy.service', 'e2scrub_reap.service', 'e2scrub_all.timer', 'apt-daily.timer', 'apt-daily-upgrade.timer'] as const;
const OPTIONS = ['--variant=minbase', '--quiet'] as const;
/**
 * mmdebstrap mounts /proc and /sys of this host into what it builds. In namespaces of its own they are gone with its last process, and all its processes are gone with this one,
 * however it ends: nothing is ever removed through such a mount, and no build goes on for nobody.
 */
const CONFINED = ['setpriv', '--pdeathsig', 'KILL', 'unshare', '--mount', '--propagation', 'private', '--pid', '--fork', '--kill-child', '--mount-proc'] as const;
/** dpkg needs root's programs, which the path of `su` lacks. */
const BUILD_ENVIRONMENT = { PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` } as const;
const DIGEST_LENGTH = 12;
const DETAIL_LINES = 20;

/** Names the root filesystem by its recipe: another recipe is another entry of the cache. */
export function rootfsId(): string {
  const recipe = { SUITE, PACKAGES, REMOVED, ENABLED_UNITS, DISABLED_UNITS, OPTIONS, ROOTFS_FILES, PREPARE_SCRIPT_FILE };
  return `lab-rootfs-${SUITE}-${sha256(canonicalJson(recipe)).slice(0, DIGEST_LENGTH)}`;
}

/** The directory of the root filesystem that all machines share, built if the cache does not have it. Nothing may ever write to it. */
export async function ensureRootfs({ signal, onProgress }: LabRun): Promise<string> {
  const tell = (message: string): void => onProgress?.({ message });
  const entry = await ensureEntry({ id: rootfsId(), make: (directory) => makeRootfs(join(directory, 'rootfs'), signal, tell) }, { signal, onProgress: tell });
  return join(entry, 'rootfs');
}

async function makeRootfs(directory: string, signal: AbortSignal, tell: (message: string) => void): Promise<void> {
  tell(`building the machines' root filesystem, Debian ${SUITE} (about a minute)`);
  const sources = await hostDebianSources(signal);
  const include = `--include=${PACKAGES.join(',')}`;
  const [program, ...confinement] = CONFINED;
  await runProgram(program, [...confinement, 'mmdebstrap', ...OPTIONS, include, SUITE, directory, ...(sources === '' ? [] : ['-'])], {
    stdin: sources,
    signal,
    env: BUILD_ENVIRONMENT,
  }).catch((cause: unknown) => {
    throw explained(cause);
  });
  await finishRootfs(directory, signal);
}

async function finishRootfs(directory: string, signal: AbortSignal): Promise<void> {
  for (const path of REMOVED) await rm(join(directory, path), { force: true });
  for (const { path, content } of [...ROOTFS_FILES, PREPARE_SCRIPT_FILE]) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), content, { mode: 0o644 });
  }
  await chmod(join(directory, PREPARE_SCRIPT_FILE.path), 0o755);
  await removeHostKeys(directory, signal);
  await runProgram('systemctl', [`--root=${directory}`, '--quiet', 'enable', ...ENABLED_UNITS], { signal });
  await runProgram('systemctl', [`--root=${directory}`, '--quiet', 'disable', ...DISABLED_UNITS], { signal });
}

/** Debian's package makes keys when it is installed; machines that shared them could not be told apart. */
async function removeHostKeys(directory: string, signal: AbortSignal): Promise<void> {
  await runProgram('find', [join(directory, 'etc/ssh'), '-name', 'ssh_host_*', '-delete'], { signal });
}

function explained(cause: unknown): unknown {
  if (!(cause instanceof AppError) || cause.code !== 'program-failed') return cause;
  return new AppError('artifact-failed', "the machines' root filesystem could not be built", {
    hint: "check this host's Debian sources (/etc/apt) and its network, then run the command again",
    details: cause.details.slice(-DETAIL_LINES),
    retry: 'safe',
    cause,
  });
}

/** Throws when the root filesystem of an existing lab is gone from the cache: its machines cannot start without it. */
export async function requireRootfs(lab: string, rootfs: string): Promise<void> {
  await access(rootfs).catch((cause: unknown) => {
    throw new AppError('lab-failed', `root filesystem ${rootfs} of lab ${lab} is gone`, { hint: `remove the lab with: kubewright lab down --name ${lab}`, cause });
  });
}
