import { access, chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { runProgram } from '../process/run-program.ts';
import { gatewayOf } from './lab-addresses.ts';
import type { LabMachineState, LabState } from './lab-state.ts';
import { labPaths, machinePaths, machinePathsIn } from './lab-paths.ts';

/** Directories that lie beside the overlay: the kernel refuses the containers' overlays on top of another one. */
export const DATA_DIRECTORIES = ['containerd', 'kubelet', 'etcd'] as const;
const HOST_KEY = 'etc/ssh/ssh_host_ed25519_key';

/** The key that all machines of the lab let in. */
export async function ensureLabKey(lab: string): Promise<void> {
  const { directory, identityFile } = labPaths(lab);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  if ((await exists(identityFile)) && (await exists(`${identityFile}.pub`))) return;
  await makeKey(identityFile, `kubewright-lab-${lab}`);
}

/** Makes the machine's directory if it is not there: its identity, as files over the shared root filesystem. What is there is complete. */
export async function ensureMachineFiles(lab: LabState, machine: LabMachineState): Promise<void> {
  const { directory } = machinePaths(lab.name, machine.name);
  if (await exists(directory)) return;
  const draft = `${directory}.new`;
  await rm(draft, { recursive: true, force: true });
  const { upper, data } = machinePathsIn(draft);
  for (const name of DATA_DIRECTORIES) await makeDirectory(join(data, name), 0o755);
  await makeDirectory(upper, 0o755);
  const authorizedKeys = await readFile(`${labPaths(lab.name).identityFile}.pub`, 'utf8');
  for (const [path, content] of Object.entries(identityFiles(lab.subnet, machine))) await writeInto(upper, path, content, 0o644);
  await makeDirectory(join(upper, 'root'), 0o700);
  await makeDirectory(join(upper, 'root/.ssh'), 0o700);
  await writeInto(upper, 'root/.ssh/authorized_keys', authorizedKeys, 0o600);
  await makeDirectory(join(upper, dirname(HOST_KEY)), 0o755);
  await makeKey(join(upper, HOST_KEY), `root@${machine.name}`);
  await rename(draft, directory);
}

/** Text files that make a machine itself. */
export function identityFiles(subnet: string, { name, address }: Pick<LabMachineState, 'name' | 'address'>): Readonly<Record<string, string>> {
  const gateway = gatewayOf(subnet);
  return {
    'etc/hostname': `${name}\n`,
    'etc/hosts': `127.0.0.1 localhost\n127.0.1.1 ${name}\n`,
    // Nobody answers there, and says so at once: names outside the cluster fail fast instead of hanging.
    'etc/resolv.conf': `nameserver ${gateway}\n`,
    'etc/systemd/network/10-host0.network': `[Match]\nName=host0\n\n[Network]\nAddress=${address}/24\nGateway=${gateway}\nLinkLocalAddressing=no\nIPv6AcceptRA=no\n`,
  };
}

/** Writes the lab's known_hosts: the machines' keys are known before the first connection, so none is ever taken on trust. */
export async function writeKnownHosts(lab: LabState): Promise<void> {
  const { knownHostsFile } = labPaths(lab.name);
  const lines = await Promise.all(lab.machines.map((machine) => knownHost(lab.name, machine)));
  await writeFile(`${knownHostsFile}.new`, lines.join(''));
  await rename(`${knownHostsFile}.new`, knownHostsFile);
}

async function knownHost(lab: string, machine: LabMachineState): Promise<string> {
  const key = await readFile(join(machinePaths(lab, machine.name).upper, `${HOST_KEY}.pub`), 'utf8');
  const [type = '', base64 = ''] = key.split(' ');
  return `${machine.address} ${type} ${base64.trim()}\n`;
}

async function makeKey(path: string, comment: string): Promise<void> {
  await Promise.all([path, `${path}.pub`].map((file) => rm(file, { force: true })));
  await runProgram('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', comment, '-f', path]);
}

async function writeInto(root: string, path: string, content: string, mode: number): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true, mode: 0o755 });
  await writeFile(join(root, path), content);
  await chmod(join(root, path), mode);
}

/** A directory of the upper layer gives its mode to the machine, so the user's umask must not. */
async function makeDirectory(path: string, mode: number): Promise<void> {
  await mkdir(path, { recursive: true });
  await chmod(path, mode);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
