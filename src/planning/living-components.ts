import { parse } from 'yaml';
import type { HostFacts } from '../facts/host-facts.ts';
import { joinState } from '../facts/join-state.ts';
import { fileKey, platformKey } from '../facts/keys.ts';
import type { Cluster, ClusterNode, ClusterWide } from '../model/cluster.ts';
import { CONTROL_PLANE_PROGRAMS, controlPlaneComponents } from '../model/control-plane-components.ts';
import type { ControlPlaneComponent } from '../model/control-plane-components.ts';
import type { NodeName } from '../model/scope.ts';
import { laneId } from '../plan/plan.ts';
import { canonicalJson, compareStrings } from '../util/canonical-json.ts';
import { NODE_SILENCE } from './documents/kubeadm-shared.ts';
import type { DraftBoard } from './draft-board.ts';
import { COMMAND_END, DERIVED_FIELDS, KUBELET_PATCH, componentPatch } from './files/patches.ts';
import type { Unsupported } from './unsupported.ts';

const CHANGING_FLAGS = 'changing flags of a living cluster comes with a later version of this tool';
export const CHANGING_SETTINGS = 'changing settings of a living cluster comes with a later version of this tool';

interface HeldArg {
  readonly name: string;
  readonly value: string;
}

interface HeldComponent {
  readonly extraArgs?: readonly HeldArg[];
}

/** Flags in kubeadm's ClusterConfiguration, as the cluster holds it. */
export interface HeldComponents {
  readonly apiServer?: HeldComponent;
  readonly controllerManager?: HeldComponent;
  readonly scheduler?: HeldComponent;
  readonly etcd?: { readonly local?: HeldComponent };
}

/** A field of the file with what it says, what the cluster says, and why they must be the same. */
export type Compared = readonly [field: string, wanted: unknown, found: unknown, why: string];

/** Flags in cluster scope, to be held against those of kubeadm's configuration. */
export function sharedFlagChanges(wide: ClusterWide, { etcd, ...others }: HeldComponents): readonly Compared[] {
  return controlPlaneComponents.map((component) => {
    const found = (component === 'etcd' ? etcd?.local : others[component])?.extraArgs ?? [];
    return [`spec.controlPlane.${component}.extraArgs`, sortedArgs(wide.args[component]), sortedArgs(found.filter((arg) => !isDefault(component, arg))), CHANGING_FLAGS] as const;
  });
}

/** What the tool gives where the file says nothing. */
function isDefault(component: ControlPlaneComponent, { name, value }: HeldArg): boolean {
  return component === 'controllerManager' && name === NODE_SILENCE.name && value === NODE_SILENCE.value;
}

const sortedArgs = (args: readonly HeldArg[]): readonly string[] => args.map(({ name, value }) => `${name}=${value}`).sort(compareStrings);

/** Settings in node scope of nodes that have joined: they took over what lay in their patches then. */
export function nodeSettingChanges(cluster: Cluster, board: DraftBoard): readonly Unsupported[] {
  const patches = patchReader(board);
  return cluster.nodes
    .filter(({ name, role }) => joinState(name, role, board.reading(laneId(name))) === 'joined')
    .flatMap((node) => {
      const components = node.role === 'control-plane' ? controlPlaneComponents : [];
      return [...components.flatMap((component) => flagChanges(node, component, { board, patches })), ...kubeletChanges(node, patches)];
    });
}

type PatchReader = (node: NodeName, path: string) => unknown;

/** Reads patches as they lie on nodes. Most nodes have the same: each text is parsed once. */
function patchReader(board: DraftBoard): PatchReader {
  const parsed = new Map<string, unknown>();
  return (node, path) => {
    const file = board.read(laneId(node), fileKey(path));
    if (file?.type !== 'file' || file.text === undefined) return undefined;
    if (!parsed.has(file.text)) parsed.set(file.text, parse(file.text));
    return parsed.get(file.text);
  };
}

interface Seen {
  readonly board: DraftBoard;
  readonly patches: PatchReader;
}

const argumentsKey = (program: string) =>
  platformKey(`arguments of ${program}`, ({ processes }: HostFacts) => (processes.find(({ name }) => name === program)?.args ?? []).join('\n'));

/** Flags of the file against the process that runs, those taken out of it against the node's patch. */
function flagChanges({ name, args }: ClusterNode, component: ControlPlaneComponent, { board, patches }: Seen): readonly Unsupported[] {
  const where = `node ${name}`;
  const lane = laneId(name);
  const program = CONTROL_PLANE_PROGRAMS[component];
  const wanted = args.openFor(name)[component].map((arg) => `--${arg.name}=${arg.value}`);
  const running = board.read(lane, argumentsKey(program)) ?? '';
  const missing = running === '' ? [] : wanted.filter((arg) => !running.split('\n').includes(arg));
  const path = componentPatch(component);
  const given = (patches(name, path) ?? []) as readonly { readonly path: string; readonly value: string }[];
  const dropped = given.filter((operation) => operation.path === COMMAND_END && !wanted.includes(operation.value));
  return [
    ...missing.map((arg) => ({ where, why: `its ${program} runs without ${arg}: ${CHANGING_FLAGS}` })),
    ...dropped.map(({ value }) => ({ where, why: `${path} gives its ${program} ${value}, which the file does not have: ${CHANGING_FLAGS}` })),
  ];
}

/** What follows from the host is no change of the file. */
function kubeletChanges({ name, kubeletConfig }: ClusterNode, patches: PatchReader): readonly Unsupported[] {
  const wanted = kubeletConfig.openFor(name);
  const given = (patches(name, KUBELET_PATCH) ?? {}) as Readonly<Record<string, unknown>>;
  const isDerived = (field: string): boolean => !Object.hasOwn(wanted, field) && DERIVED_FIELDS[field]?.includes(given[field]) === true;
  return [...new Set([...Object.keys(wanted), ...Object.keys(given)])]
    .sort(compareStrings)
    .filter((field) => !isDerived(field) && shown(wanted[field]) !== shown(given[field]))
    .map((field) => ({
      where: `node ${name}`,
      why: `the file says ${shown(wanted[field])} for its kubelet's ${field}, it was given ${shown(given[field])}: ${CHANGING_SETTINGS}`,
    }));
}

/** A setting as it is written; where there is none the program's own default holds. */
export function shown(value: unknown): string {
  return value === undefined || value === null ? 'nothing' : canonicalJson(value);
}
