import { rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { mustKubewright } from './kubewright.ts';

/** A lab of the tests: its name and range are its own, so that nobody's other labs are touched. */
export interface TestLab {
  readonly name: string;
  readonly subnet: string;
  readonly controlPlanes: number;
  readonly workers: number;
}

export interface Machine {
  readonly lab: string;
  readonly name: string;
  readonly address: string;
  readonly role: 'control-plane' | 'worker';
}

/** The lab that most tests share. */
export const SHARED_LAB: TestLab = { name: 'kwtest', subnet: '10.88.220.0/24', controlPlanes: 3, workers: 1 };
/** Where each action is held against what it predicts. */
export const CONTRACT_LAB: TestLab = { name: 'kwcontract', subnet: '10.88.221.0/24', controlPlanes: 1, workers: 1 };
/** Where the tool is killed. */
export const KILL_LAB: TestLab = { name: 'kwkill', subnet: '10.88.222.0/24', controlPlanes: 3, workers: 1 };
/** Where machines are not fit for a cluster. */
export const UNFIT_LAB: TestLab = { name: 'kwunfit', subnet: '10.88.227.0/24', controlPlanes: 1, workers: 1 };
/** Where machines are logged in to in different ways. */
export const MIXED_LAB: TestLab = { name: 'kwmixed', subnet: '10.88.232.0/24', controlPlanes: 3, workers: 1 };
/** From whose machines a cluster is taken. */
export const RESET_LAB: TestLab = { name: 'kwreset', subnet: '10.88.236.0/24', controlPlanes: 1, workers: 0 };
/** Where a deployment is measured. */
export const FIGURES_LAB: TestLab = { name: 'kwfigures', subnet: '10.88.223.0/24', controlPlanes: 3, workers: 1 };
/** Where a release of Kubernetes is deployed that is not the default. */
export const RELEASE_LAB: TestLab = { name: 'kwrelease', subnet: '10.88.242.0/24', controlPlanes: 3, workers: 1 };
/** Whose machines are led through a proxy, and to mirrors, when they are nodes already. */
export const PROXY_LAB: TestLab = { name: 'kwproxy', subnet: '10.88.243.0/24', controlPlanes: 3, workers: 1 };

/** Whose machines fetch programs and images themselves. */
export const PULL_LAB: TestLab = { name: 'kwpull', subnet: '10.88.244.0/24', controlPlanes: 3, workers: 1 };

/** Whose machines reach no network but each other. */
export const OFFLINE_LAB: TestLab = { name: 'kwoffline', subnet: '10.88.228.0/24', controlPlanes: 3, workers: 1 };

/** Nodes of a cluster file as far as tests change them. */
interface ClusterFile {
  readonly spec: { readonly nodes: readonly Readonly<Record<string, unknown>>[] };
}

/** Where the tool keeps the journals of a cluster's runs. */
export function journalDirectory(cluster: string): string {
  return join(process.env['XDG_STATE_HOME'] || join(homedir(), '.local', 'state'), 'kubewright', 'clusters', cluster);
}

/** Removes the lab, whatever an earlier run left of it, with the journals of its cluster. */
export async function clearLab({ name }: TestLab): Promise<void> {
  await mustKubewright(['lab', 'down', '--name', name]);
  await rm(journalDirectory(name), { recursive: true, force: true });
}

/** Makes the lab, or adds the machines that it lacks, and starts them; gives all of them. */
export async function raiseLab({ name, subnet, controlPlanes, workers }: TestLab): Promise<readonly Machine[]> {
  const words = ['--control-planes', String(controlPlanes), '--workers', String(workers), '--subnet', subnet];
  await mustKubewright(['lab', 'up', '--name', name, ...words]);
  return machinesOf(name);
}

/** The machines of a lab. */
export async function machinesOf(lab: string): Promise<readonly Machine[]> {
  const { stdout } = await mustKubewright(['lab', 'list', '--name', lab, '-o', 'json']);
  const { machines } = JSON.parse(stdout) as { readonly machines: readonly Omit<Machine, 'role'>[] };
  return machines.map(({ name, address }) => ({ lab, name, address, role: name.startsWith('cp-') ? 'control-plane' : 'worker' }));
}

/** Writes the lab's cluster file, with settings added to single nodes and to all. */
export async function writeClusterFile(lab: string, path: string, ofNode: Readonly<Record<string, object>> = {}, ofAll: object = {}): Promise<void> {
  const { stdout } = await mustKubewright(['lab', 'cluster-file', '--name', lab]);
  const file = parse(stdout) as ClusterFile;
  const nodes = file.spec.nodes.map((node) => ({ ...node, ...ofNode[String(node['name'])] }));
  await writeFile(path, stringify({ ...file, spec: { ...file.spec, ...ofAll, nodes } }));
}
