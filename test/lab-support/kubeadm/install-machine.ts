import { spawn } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { findRelease, knownVersions } from '../../../src/catalogue/catalogue.ts';
import type { Release } from '../../../src/catalogue/release.ts';
import { sshArguments } from '../../../src/lab/lab-ssh.ts';
import { quote } from '../../../src/shell/quote.ts';
import { mustKubewright } from '../kubewright.ts';
import { collectText, read } from '../on-machine.ts';
import type { Machine } from '../test-lab.ts';
import { STABLE_ENDPOINT, machineFiles } from './machine-files.ts';

const PROGRAMS = ['containerd', 'containerd-shim-runc-v2', 'ctr', 'runc', 'crictl', 'kubeadm', 'kubelet', 'kubectl'];
const CONTROL_PLANE_PROGRAMS = ['etcdctl'];
const CNI_PLUGINS = ['cni-bridge', 'cni-loopback', 'cni-host-local', 'cni-portmap', 'cni-bandwidth', 'cni-firewall', 'cni-tuning'];

/** The release that the tests install. */
export function testedRelease(): Release {
  const release = findRelease(knownVersions().at(-1) ?? '');
  if (release === undefined) throw new Error('the catalogue is empty');
  return release;
}

/** Paths of artifacts in the cache, by name. */
export type CachedArtifacts = ReadonlyMap<string, string>;

export async function cachedArtifacts(): Promise<CachedArtifacts> {
  const { stdout } = await mustKubewright(['artifacts', 'list', '-o', 'json']);
  const { artifacts } = JSON.parse(stdout) as { readonly artifacts: readonly { readonly name: string; readonly path?: string }[] };
  return new Map(artifacts.flatMap(({ name, path }) => (path === undefined ? [] : [[name, path] as const])));
}

/** Puts on a machine what a person installs before kubeadm: runtime, programs, images, kubelet's unit, a load balancer of its own. Nothing of kubewright. */
export async function installMachine(machine: Machine, controlPlanes: readonly Machine[], artifacts: CachedArtifacts): Promise<void> {
  const isControlPlane = machine.role === 'control-plane';
  for (const name of [...PROGRAMS, ...(isControlPlane ? CONTROL_PLANE_PROGRAMS : [])]) await sendProgram(machine, '/usr/bin', pathOf(artifacts, name));
  for (const name of CNI_PLUGINS) await sendProgram(machine, '/opt/cni/bin', pathOf(artifacts, name));
  const files = machineFiles(machine, controlPlanes, testedRelease().images.pause).map(
    ({ path, text }) => `mkdir -p "$(dirname ${quote(path)})"\nprintf %s ${quote(text)} > ${quote(path)}`,
  );
  const units = ['systemctl daemon-reload', 'sysctl -q --system 2> /dev/null || true', 'systemctl enable -q kubelet', 'systemctl enable -q --now containerd haproxy'];
  await read(machine, ['set -e', ...files, `echo '127.0.0.1 ${STABLE_ENDPOINT.host}' >> /etc/hosts`, ...units].join('\n'));
  for (const archive of isControlPlane ? ['images-control-plane', 'images-node'] : ['images-node']) {
    await send(machine, 'ctr -n k8s.io images import --local - > /dev/null', pathOf(artifacts, archive));
  }
}

function pathOf(artifacts: CachedArtifacts, name: string): string {
  const path = artifacts.get(name);
  if (path === undefined) throw new Error(`the artifact cache has no ${name}`);
  return path;
}

async function sendProgram(machine: Machine, directory: string, path: string): Promise<void> {
  const target = quote(`${directory}/${basename(path)}`);
  await send(machine, `mkdir -p ${directory} && cat > ${target} && chmod 755 ${target}`, path);
}

/** Runs a command on a machine with a file of this host as its standard input. */
async function send(machine: Machine, command: string, path: string): Promise<void> {
  const child = spawn('ssh', ['-c', 'aes128-gcm@openssh.com', ...sshArguments(machine, [command])], { stdio: ['pipe', 'ignore', 'pipe'] });
  const stderr = collectText(child.stderr);
  const ended = new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? -1));
  });
  await pipeline(createReadStream(path), child.stdin).catch(() => undefined);
  const exitCode = await ended;
  if (exitCode !== 0) throw new Error(`${basename(path)} could not be sent to ${machine.name}: ${stderr()}`);
}
