import { writeFileSync } from 'node:fs';
import { parse, stringify } from 'yaml';
import { quote } from '../../../src/shell/quote.ts';
import { read } from '../on-machine.ts';
import { kubectl, kubectlJson } from '../operator-kubectl.ts';
import type { OperatorKubectl } from '../operator-kubectl.ts';
import type { Machine } from '../test-lab.ts';

/** A healthy cluster of ours: control planes cp-1 to cp-3, a worker w-1. */
export interface World {
  readonly machines: readonly Machine[];
  readonly operator: OperatorKubectl;
}

/** Undoes what was spoilt; the cluster is healthy again then. */
export type Undo = () => Promise<void>;

/** One thing of a healthy cluster made wrong, on its machines or in its objects. */
export interface Corruption {
  /** As the recorded case of the same is called (src/rules/testing). */
  readonly wrong: string;
  /** The one code that tells it. */
  readonly code: string;
  readonly spoil: (world: World) => Promise<Undo>;
}

export function machineNamed({ machines }: World, name: string): Machine {
  const machine = machines.find((candidate) => candidate.name === name);
  if (machine === undefined) throw new Error(`no machine ${name}`);
  return machine;
}

export const addressOf = (world: World, name: string): string => machineNamed(world, name).address;

/** An address of the lab at which no machine is. */
export const addressOfNobody = (world: World): string => addressOf(world, 'cp-1').replace(/\d+$/, '99');

/** Where an entry of a ConfigMap stands. */
export interface Entry {
  readonly namespace: string;
  readonly name: string;
  readonly key: string;
}

export const KUBEADM_CONFIG: Entry = { namespace: 'kube-system', name: 'kubeadm-config', key: 'ClusterConfiguration' };
export const KUBELET_CONFIG: Entry = { namespace: 'kube-system', name: 'kubelet-config', key: 'kubelet' };
export const KUBE_PROXY_CONFIG: Entry = { namespace: 'kube-system', name: 'kube-proxy', key: 'config.conf' };
export const KUBE_PROXY_KUBECONFIG: Entry = { namespace: 'kube-system', name: 'kube-proxy', key: 'kubeconfig.conf' };
export const CLUSTER_INFO: Entry = { namespace: 'kube-public', name: 'cluster-info', key: 'kubeconfig' };

/** Writes an entry of a ConfigMap anew; undoing writes what was there. */
export async function changeEntry({ operator }: World, { namespace, name, key }: Entry, change: (text: string) => string): Promise<Undo> {
  const { data } = await kubectlJson<{ readonly data: Readonly<Record<string, string>> }>(operator, 'get', 'configmap', name, '--namespace', namespace);
  const was = data[key] ?? '';
  const text = change(was);
  if (text === was) throw new Error(`${namespace}/${name} ${key} did not change`);
  const write = async (value: string): Promise<void> => {
    await kubectl(operator, ...['patch', 'configmap', name, '--namespace', namespace, '--type', 'merge', '--patch', JSON.stringify({ data: { [key]: value } })]);
  };
  await write(text);
  return async () => write(was);
}

/** The same for a YAML document in an entry. */
export async function changeDocument(world: World, entry: Entry, change: (document: Tree) => void): Promise<Undo> {
  return changeEntry(world, entry, (text) => {
    const document = parse(text) as Tree;
    change(document);
    return stringify(document);
  });
}

/** A document of which tests know the shape. */
export type Tree = Record<string, unknown>;

/** Runs a script on a machine that changes one file, or makes it; undoing puts back what was there, its mode and owner too. */
export async function changeFile(world: World, on: string, path: string, script: string): Promise<Undo> {
  const machine = machineNamed(world, on);
  const kept = '/run/kubewright-test-kept';
  const file = quote(path);
  await read(machine, `set -e\nrm -rf ${kept}\n[ ! -e ${file} ] || cp -a ${file} ${kept}\n${script}\n! cmp -s ${file} ${kept}`);
  return async () => {
    await read(machine, `set -e\nrm -f ${file}\n[ ! -e ${kept} ] || mv ${kept} ${file}`);
  };
}

/** A `sed` expression for one file. */
export async function editFile(world: World, on: string, path: string, expression: string): Promise<Undo> {
  return changeFile(world, on, path, `sed -i -E ${quote(expression)} ${quote(path)}`);
}

export async function createObject(operator: OperatorKubectl, object: object): Promise<void> {
  const file = `${operator.kubeconfig}.object.json`;
  writeFileSync(file, JSON.stringify(object));
  await kubectl(operator, 'create', '--filename', file);
}
