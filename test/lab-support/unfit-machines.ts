import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { fileListing } from './file-listing.ts';
import { start } from './kubewright.ts';
import { read, readLines } from './on-machine.ts';
import type { Machine } from './test-lab.ts';

/** Shell that makes a machine unfit in one way each. */
export const FAULTS = {
  /** A service of somebody else's. No variable in it: systemd-run would expand it. */
  portTaken: `systemd-run --quiet --unit=old-api --collect perl -MIO::Socket::INET -e 'sub { sleep 100000 }->(IO::Socket::INET->new(LocalPort => 6443, Listen => 1, ReuseAddr => 1))'
n=0; until ss -Hltn | grep -q :6443; do n=$((n + 1)); [ $n -lt 100 ] || exit 1; sleep 0.05; done`,
  route: 'ip link add corp0 type bridge && ip link set corp0 up && ip route add 10.244.7.0/24 dev corp0',
  remains: 'mkdir -p /etc/kubernetes/pki /var/lib/etcd/member && echo old > /etc/kubernetes/pki/ca.crt',
  fullDisk: 'mount -t tmpfs -o size=8m tmpfs /var/lib',
  readOnlyEtc: 'mount --bind /etc /etc && mount -o remount,ro,bind /etc',
  smallMtu: `dev=$(ip -o -4 route show | awk '/scope link/ && !/corp0/ { for (i = 1; i < NF; i++) if ($i == "dev") print $(i + 1); exit }'); ip link set "$dev" mtu 1200`,
} as const;

export async function inflict(machine: Machine, ...faults: readonly (keyof typeof FAULTS)[]): Promise<void> {
  for (const fault of faults) await read(machine, FAULTS[fault]);
}

/** One machine is a clone of the other. */
export async function cloneMachineId(from: Machine, to: Machine): Promise<void> {
  const id = (await read(from, 'cat /etc/machine-id')).trim();
  await read(to, `echo ${id} > /etc/machine-id`);
}

/** Makes a key that no machine knows; gives the path of its private half. */
export async function makeKey(directory: string): Promise<string> {
  const path = join(directory, 'other-key');
  const { exitCode, stderr } = await start('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'other', '-f', path]).ended;
  if (exitCode !== 0) throw new Error(stderr);
  return path;
}

/** Whoever logs in with the key is not root. */
export async function letInUnprivileged(machine: Machine, key: string): Promise<void> {
  const publicKey = (await readFile(`${key}.pub`, 'utf8')).trim();
  const line = `command="cd /; exec setpriv --reuid=nobody --regid=nogroup --clear-groups sh -c \\"$SSH_ORIGINAL_COMMAND\\"" ${publicKey}`;
  await read(machine, `cat >> /root/.ssh/authorized_keys <<'END'\n${line}\nEND`);
}

interface ClusterFile {
  readonly spec: { readonly ssh: { readonly knownHostsFile: string }; readonly nodes: readonly Readonly<Record<string, unknown>>[] };
}

/** Has the cluster file know another host key for the machine than it has. */
export async function forgetHostKey(clusterFile: string, machine: Machine, { key, directory }: { readonly key: string; readonly directory: string }): Promise<void> {
  const file = parse(await readFile(clusterFile, 'utf8')) as ClusterFile;
  const publicKey = (await readFile(`${key}.pub`, 'utf8')).trim();
  const lines = (await readFile(file.spec.ssh.knownHostsFile, 'utf8')).split('\n');
  const changed = lines.map((line) => (line.startsWith(`${machine.address} `) ? `${machine.address} ${publicKey}` : line));
  if (changed.join('\n') === lines.join('\n')) throw new Error(`no host key of ${machine.address} is known`);
  const knownHostsFile = join(directory, 'known-hosts');
  await writeFile(knownHostsFile, changed.join('\n'));
  await writeFile(clusterFile, stringify({ ...file, spec: { ...file.spec, ssh: { ...file.spec.ssh, knownHostsFile } } }));
}

/** Everything of a machine that must be the same afterwards: files, what units there are and what they do, mounts, settings of its network, who listens. */
export async function machineState(machine: Machine): Promise<ReadonlyMap<string, string>> {
  const of = async (what: string, script: string) => [what, (await readLines(machine, script)).join('\n')] as const;
  return new Map([
    ...(await fileListing(machine)),
    await of('unit files', 'systemctl list-unit-files --plain --no-legend'),
    await of('services', `systemctl list-units --all --type=service --plain --no-legend | awk '$1 !~ /^(user@|user-runtime-dir@|ssh@)/ {print $1, $2, $3, $4}'`),
    await of('mounts', `grep -v ' /run/user/' /proc/self/mounts`),
    await of('network', 'ip -o addr; ip -o link; ip -o route; ss -Hltnu | sort'),
  ]);
}
