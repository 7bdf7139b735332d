import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { defaultVersion, release } from '../../../src/catalogue/catalogue.ts';
import type { Release } from '../../../src/catalogue/release.ts';
import { machinePaths } from '../../../src/lab/lab-paths.ts';
import { runProgram } from '../../../src/process/run-program.ts';
import { quote } from '../../../src/shell/quote.ts';
import { mustKubewright } from '../kubewright.ts';
import { read } from '../on-machine.ts';
import type { Machine } from '../test-lab.ts';
import { STABLE_ENDPOINT, machineFiles } from './machine-files.ts';

const PROGRAMS = ['containerd', 'containerd-shim-runc-v2', 'ctr', 'runc', 'crictl', 'kubeadm', 'kubelet', 'kubectl'];
const CONTROL_PLANE_PROGRAMS = ['etcdctl'];
/** Below the root of the machine that imports. */
const IMPORTED_FROM = 'var/lib/images';
const CNI_PLUGINS = ['cni-bridge', 'cni-loopback', 'cni-host-local', 'cni-portmap', 'cni-bandwidth', 'cni-firewall', 'cni-tuning'];

/** The release that the tests install. */
export function testedRelease(): Release {
  return release(defaultVersion);
}

/** Paths of artifacts in the cache, by name. */
export type CachedArtifacts = ReadonlyMap<string, string>;

export async function cachedArtifacts(): Promise<CachedArtifacts> {
  const { stdout } = await mustKubewright(['artifacts', 'list', '-o', 'json']);
  const { artifacts } = JSON.parse(stdout) as { readonly artifacts: readonly { readonly name: string; readonly path?: string }[] };
  return new Map(artifacts.flatMap(({ name, path }) => (path === undefined ? [] : [[name, path] as const])));
}

/**
 * Puts on machines what a person installs before kubeadm: runtime, programs, images, kubelet's unit, a load balancer of its own. Nothing of kubewright. Their files lie on this host, so what
 * is large is copied there: the images are imported on one machine, and the others get its runtime's directory.
 */
export async function installMachines(machines: readonly Machine[], artifacts: CachedArtifacts): Promise<void> {
  const [first, ...others] = machines;
  if (first === undefined) return;
  const controlPlanes = machines.filter(({ role }) => role === 'control-plane');
  await Promise.all([importImages(first, artifacts, controlPlanes), ...others.map((machine) => prepare(machine, artifacts, controlPlanes))]);
  await Promise.all(others.map((machine) => copyInto(join(runtimeOf(machine), '..'), [runtimeOf(first)])));
  await Promise.all(machines.map((machine) => read(machine, 'systemctl enable -q --now containerd haproxy')));
}

/** Programs and files; nothing is started. */
async function prepare(machine: Machine, artifacts: CachedArtifacts, controlPlanes: readonly Machine[]): Promise<void> {
  const programs = [...PROGRAMS, ...(machine.role === 'control-plane' ? CONTROL_PLANE_PROGRAMS : [])];
  await copyInto(
    join(rootOf(machine), 'usr/bin'),
    programs.map((name) => pathOf(artifacts, name)),
  );
  await copyInto(
    join(rootOf(machine), 'opt/cni/bin'),
    CNI_PLUGINS.map((name) => pathOf(artifacts, name)),
  );
  const files = machineFiles(machine, controlPlanes, testedRelease().images.pause).map(
    ({ path, text }) => `mkdir -p "$(dirname ${quote(path)})"\nprintf %s ${quote(text)} > ${quote(path)}`,
  );
  const units = ['systemctl daemon-reload', 'sysctl -q --system 2> /dev/null || true', 'systemctl enable -q kubelet'];
  await read(machine, ['set -e', ...files, `echo '127.0.0.1 ${STABLE_ENDPOINT.host}' >> /etc/hosts`, ...units].join('\n'));
}

/** The machine with the images of all roles, and its runtime stopped. */
async function importImages(machine: Machine, artifacts: CachedArtifacts, controlPlanes: readonly Machine[]): Promise<void> {
  await prepare(machine, artifacts, controlPlanes);
  const archives = ['images-control-plane', 'images-node'].map((name) => pathOf(artifacts, name));
  await copyInto(join(rootOf(machine), IMPORTED_FROM), archives);
  const imports = archives.map((path) => `ctr -n k8s.io images import --local /${IMPORTED_FROM}/${basename(path)} > /dev/null`);
  await read(machine, ['set -e', 'systemctl start containerd', ...imports, `rm -r /${IMPORTED_FROM}`, 'systemctl stop containerd'].join('\n'));
}

function pathOf(artifacts: CachedArtifacts, name: string): string {
  const path = artifacts.get(name);
  if (path === undefined) throw new Error(`the artifact cache has no ${name}`);
  return path;
}

const rootOf = ({ lab, name }: Machine): string => machinePaths(lab, name).root;
const runtimeOf = ({ lab, name }: Machine): string => join(machinePaths(lab, name).data, 'containerd');

async function copyInto(directory: string, paths: readonly string[]): Promise<void> {
  await mkdir(directory, { recursive: true });
  await runProgram('cp', ['-a', '--reflink=auto', ...paths, directory]);
}
