import { fileKey } from '../../facts/keys.ts';
import type { FileFact } from '../../facts/host-facts.ts';
import { COMPONENTS } from '../../facts/audit/programs.ts';
import type { ComponentName } from '../../facts/audit/programs.ts';
import { mainAddress } from '../../rules/audit/machine.ts';
import type { Machine } from '../../rules/audit/machine.ts';
import { compareStrings } from '../../util/canonical-json.ts';
import { after, goal, means } from '../step-types.ts';
import type { Draft, Gate } from '../step-types.ts';
import { withFlags } from './manifest-edit.ts';
import type { FlagEdit } from './manifest-edit.ts';
import { flagOf, laneOfMachine, manifestOf, otherServers, ownServerOf, repairsOf } from './repair-scene.ts';
import type { RepairScene } from './repair-scene.ts';
import { SHARED_KUBEADM_STEP } from './shared-values.ts';

/** A flag of one machine's component that is to have another value, and the finding that says so. */
interface WantedFlag extends FlagEdit {
  readonly node: string;
  readonly component: string;
  readonly code: string;
}

export const manifestStep = (node: string, component: string): string => `${node}/${component}`;

const OTHERS_SERVE_MS = 120_000;

/**
 * Drafts the manifests of control planes, one machine at a time, in the order of their names: written, its process started with it, ready at its own address
 * and an endpoint of the service `kubernetes` before the next one. Gives the ids of the steps, for what comes after them.
 */
export function planManifests(scene: RepairScene): readonly string[] {
  const wanted = wantedFlags(scene);
  const places = [...new Set(wanted.map(({ node, component }) => JSON.stringify([node, component])))].sort(compareStrings);
  let before: readonly string[] = [SHARED_KUBEADM_STEP].filter((step) => scene.board.has(step));
  const planned: string[] = [];
  for (const place of places) {
    const [node = '', component = ''] = JSON.parse(place) as readonly string[];
    const id = planManifest(scene, { node, component, flags: wanted.filter((flag) => flag.node === node && flag.component === component) }, before);
    if (id !== undefined) planned.push(id);
    before = id === undefined ? before : [id];
  }
  refuseUnseen(scene);
  return planned;
}

function wantedFlags(scene: RepairScene): readonly WantedFlag[] {
  const own = repairsOf(scene, 'own-flag').flatMap(({ code, component, flag, nodes }) => nodes.map(({ node, from, to }) => ({ code, component, flag, node, from, to })));
  const servers = repairsOf(scene, 'etcd-servers').flatMap(({ code, nodes }) =>
    nodes.map(({ node, from, to }) => ({ code, component: 'kube-apiserver', flag: 'etcd-servers', node, from, to })),
  );
  const all = new Map([...own, ...servers].map((flag) => [`${flag.node} ${flag.component} ${flag.flag}`, flag] as const));
  return [...all.values()].filter(({ to }) => to !== '');
}

interface WantedManifest {
  readonly node: string;
  readonly component: string;
  readonly flags: readonly WantedFlag[];
}

/** Undefined where no step came of it. */
function planManifest(scene: RepairScene, { node, component, flags }: WantedManifest, before: readonly string[]): string | undefined {
  const { board, view, byHand } = scene;
  const machine = view.machines.find(({ name }) => name === node);
  const path = isComponent(component) ? manifestOf(machine, component)?.path : undefined;
  const handwork = flags.map(({ code, flag, from, to }) => ({ code, steps: [`on ${node}, change --${flag}=${from} of ${component} to --${flag}=${to}, and let it start anew`] }));
  if (machine === undefined || path === undefined) {
    byHand.push(...handwork);
    return undefined;
  }
  const id = manifestStep(node, component);
  board.look({ probe: 'file', path, text: true });
  const file = board.read(laneOfMachine(machine), fileKey(path));
  if (file === undefined) {
    board.refuse(id, laneOfMachine(machine), `${path} could not be seen`);
    return undefined;
  }
  const text = file.type === 'file' && file.text !== undefined ? withFlags(file.text, flags) : undefined;
  if (file.type !== 'file' || file.text === undefined || text === undefined) {
    byHand.push(...handwork);
    return undefined;
  }
  board.add(draftOf(scene, { machine, component, path, flags, file, text, before }));
  return board.has(id) ? id : undefined;
}

interface ManifestChange extends Omit<WantedManifest, 'node'> {
  readonly machine: Machine;
  readonly path: string;
  readonly file: Extract<FileFact, { readonly type: 'file' }>;
  readonly text: string;
  readonly before: readonly string[];
}

function draftOf(scene: RepairScene, { machine, component, path, flags, file, text, before }: ManifestChange): Draft {
  const isApiServer = component === 'kube-apiserver';
  const others = isApiServer ? otherServers(scene, machine.name) : [];
  const gate: Gate = { gate: 'api-served-without', node: machine.name, others, deadlineMs: OTHERS_SERVE_MS };
  const kill = killReason(scene, machine, flags);
  const pod = goal({
    kind: 'static-pod',
    component,
    path,
    mode: file.mode,
    owner: file.owner,
    content: scene.board.texts.add(text),
    was: { sha256: file.sha256, text: file.text ?? '' },
    flags: flags.map(({ flag, to }) => `--${flag}=${to}`),
    ...(kill !== undefined && { kill }),
  });
  const serving = means({ kind: 'api-serving', node: machine.name, address: addressAfter(machine, flags), server: ownServerOf(machine) });
  return {
    id: manifestStep(machine.name, component),
    title: `give ${component} its own ${flags.map(({ flag }) => flag).join(', ')}`,
    on: { lane: laneOfMachine(machine) },
    needs: after(...before),
    gates: others.length === 0 ? [] : [gate],
    effect: { disruption: 'service', etcdMembers: 0 },
    actions: isApiServer ? [pod, serving] : [pod],
  };
}

/** The address by which the service `kubernetes` will know it. */
function addressAfter(machine: Machine, flags: readonly FlagEdit[]): string {
  return flags.find(({ flag }) => flag === 'advertise-address')?.to ?? flagOf(machine, 'kube-apiserver', 'advertise-address') ?? mainAddress(machine);
}

/**
 * An API server that is asked to end takes its address out of the endpoints of the service `kubernetes`; where others advertise the same address it takes out theirs, and the service leads
 * nowhere until one of them comes round to add it again, ten seconds later (kube-apiserver, controlplane/reconcilers/lease.go: RemoveEndpoints). Killed, it takes out nothing.
 */
function killReason({ view }: RepairScene, machine: Machine, flags: readonly FlagEdit[]): string | undefined {
  const from = flags.find(({ flag }) => flag === 'advertise-address')?.from;
  const sharing = from === undefined ? [] : view.controlPlanes.filter((other) => other.name !== machine.name && flagOf(other, 'kube-apiserver', 'advertise-address') === from);
  return sharing.length === 0 ? undefined : `ending by itself it would take ${from}, which ${sharing.map(({ name }) => name).join(', ')} advertise${sharing.length === 1 ? 's' : ''} too, out of the service kubernetes`;
}

/** Control planes that may carry the shared value and could not be looked at. */
function refuseUnseen({ board, view, findings }: RepairScene): void {
  for (const { code, remedy } of findings) {
    if (remedy.kind !== 'automatic' || remedy.repair.kind !== 'own-flag' || remedy.repair.shared.length === 0) continue;
    const { component } = remedy.repair;
    for (const machine of view.controlPlanes.filter(({ facts }) => facts === undefined))
      board.refuse(manifestStep(machine.name, component), laneOfMachine(machine), `the machine could not be seen: whether ${code} concerns it is not known`);
  }
}

function isComponent(name: string): name is ComponentName {
  return (COMPONENTS as readonly string[]).includes(name);
}
