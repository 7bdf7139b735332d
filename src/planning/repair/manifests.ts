import type { Action } from '../../actions/action.ts';
import { fileKey } from '../../facts/keys.ts';
import { holdsCredential } from '../../facts/audit/credentials.ts';
import type { FileFact } from '../../facts/host-facts.ts';
import type { ComponentName } from '../../facts/audit/programs.ts';
import { componentOn, apiServerAddress } from '../../rules/audit/machine.ts';
import type { Planned } from '../../plan/plan.ts';
import type { Machine } from '../../rules/audit/machine.ts';
import { compareStrings } from '../../util/canonical-json.ts';
import { after, goal, means } from '../step-types.ts';
import type { Draft } from '../step-types.ts';
import { withFlags, withoutVariables } from './manifest-edit.ts';
import type { FlagEdit } from './manifest-edit.ts';
import { flagOf, laneOfMachine, manifestOf, notSeen, ownServerOf, repairsOf, servedWithout } from './repair-scene.ts';
import type { RepairScene } from './repair-scene.ts';
import { SHARED_KUBEADM_STEP } from './shared-values.ts';

/** What is to change in the manifest of one component on one machine. */
interface WantedManifest {
  readonly node: string;
  readonly component: string;
  readonly flags: readonly FlagEdit[];
  /** Variables that go. */
  readonly variables: readonly string[];
  /** Of the findings that it mends. */
  readonly codes: readonly string[];
}

const manifestStep = (node: string, component: string): string => `${node}/${component}`;

/**
 * Drafts the manifests of control planes, one machine at a time, in the order of their names: written, its process started with it, ready at its own address
 * and an endpoint of the service `kubernetes` before the next one. Gives the ids of the steps, for what comes after them.
 */
export function planManifests(scene: RepairScene): readonly string[] {
  let before: readonly string[] = [SHARED_KUBEADM_STEP].filter((step) => scene.board.has(step));
  const planned: string[] = [];
  const all = wantedManifests(scene);
  const proofs = offerApiProofs(scene, new Set(all.filter(({ component }) => component === 'kube-apiserver').map(({ node }) => node)));
  for (const wanted of all) {
    const id = manifestStep(wanted.node, wanted.component);
    planManifest(scene, wanted, wanted.component === 'kube-apiserver' ? [...before, ...proofs] : before);
    if (!scene.board.has(id)) continue;
    planned.push(id);
    before = [id];
  }
  refuseUnseen(scene);
  leaveDisputed(scene);
  return planned;
}

/**
 * Offers the proof that the API server serves of every control plane where this plan does not start it anew: a run before may have done so, and ended before it was proven. The next one
 * must not follow on that.
 */
function offerApiProofs(scene: RepairScene, changed: ReadonlySet<string>): readonly string[] {
  const rest = scene.view.controlPlanes.filter((machine) => !changed.has(machine.name) && componentOn(machine, 'kube-apiserver') !== undefined);
  return rest.map((machine) => {
    const id = `${machine.name}/prove-api`;
    scene.board.offerMeans({ id, title: 'prove that its API server serves', on: { lane: laneOfMachine(machine) }, actions: [servingProof(machine, [])] });
    return id;
  });
}

/** By machine and component: what several findings want of one manifest is one change. */
function wantedManifests(scene: RepairScene): readonly WantedManifest[] {
  const all = new Map<string, WantedManifest>();
  for (const { node, component, flags, variables, codes } of [...wantedFlags(scene), ...unwantedVariables(scene)]) {
    const now = all.get(manifestStep(node, component));
    const kept = (now?.flags ?? []).filter(({ flag }) => !flags.some((other) => other.flag === flag));
    const merged = { flags: [...kept, ...flags], variables: unique([...(now?.variables ?? []), ...variables]), codes: unique([...(now?.codes ?? []), ...codes]) };
    all.set(manifestStep(node, component), { node, component, ...merged });
  }
  return [...all.entries()].sort(([a], [b]) => compareStrings(a, b)).map(([, wanted]) => wanted);
}

const unique = (words: readonly string[]): readonly string[] => [...new Set(words)].sort();

function wantedFlags(scene: RepairScene): readonly WantedManifest[] {
  const own = repairsOf(scene, 'own-flag').flatMap(({ code, component, flag, nodes }) => nodes.map(({ node, from, to }) => ({ code, component, node, edit: { flag, from, to } })));
  const servers = repairsOf(scene, 'etcd-servers').flatMap(({ code, nodes }) =>
    nodes.map(({ node, from, to }) => ({ code, component: 'kube-apiserver', node, edit: { flag: 'etcd-servers', from, to } })),
  );
  return [...own, ...servers].filter(({ edit }) => edit.to !== '').map(({ code, component, node, edit }) => ({ node, component, flags: [edit], variables: [], codes: [code] }));
}

function unwantedVariables(scene: RepairScene): readonly WantedManifest[] {
  return repairsOf(scene, 'drop-environment').flatMap(({ code, manifests, variables }) =>
    manifests.flatMap(({ node, path }) => {
      const facts = scene.view.machines.find(({ name }) => name === node)?.facts;
      const pod = facts?.manifests.find((manifest) => manifest.path === path);
      return pod?.type === 'pod' ? [{ node, component: pod.component, flags: [], variables, codes: [code] }] : [];
    }),
  );
}

function planManifest(scene: RepairScene, wanted: WantedManifest, before: readonly string[]): void {
  const { board, view } = scene;
  const { node, component } = wanted;
  const machine = view.machines.find(({ name }) => name === node);
  const path = isMended(component) ? manifestOf(machine, component)?.path : undefined;
  if (machine === undefined || path === undefined) return leaveToHand(scene, wanted);
  board.look({ probe: 'file', path, text: true });
  const file = board.read(laneOfMachine(machine), fileKey(path));
  if (file === undefined) return board.refuse(manifestStep(node, component), laneOfMachine(machine), `${path} could not be seen`);
  const text = file.type === 'file' && file.text !== undefined ? edited(file.text, wanted) : undefined;
  // What a plan writes is shown and journalled.
  if (file.type !== 'file' || text === undefined || holdsCredential(text)) return leaveToHand(scene, wanted);
  board.add(draftOf(scene, { ...wanted, machine, path, file, text, before }));
}

function edited(manifest: string, { flags, variables }: WantedManifest): string | undefined {
  const flagged = withFlags(manifest, flags);
  return flagged === undefined || variables.length === 0 ? flagged : withoutVariables(flagged, variables);
}

function leaveToHand({ byHand }: RepairScene, { node, component, flags, variables, codes }: WantedManifest): void {
  const changes = [...flags.map(({ flag, from, to }) => `--${flag}=${from} becomes --${flag}=${to}`), ...variables.map((name) => `the variable ${name} goes`)];
  byHand.push(...codes.map((code) => ({ code, steps: [`change ${component} on ${node}: ${changes.join(', ')}`, 'wait until it is healthy before the next machine'] })));
}

interface ManifestChange extends WantedManifest {
  readonly machine: Machine;
  readonly path: string;
  readonly file: Extract<FileFact, { readonly type: 'file' }>;
  readonly text: string;
  readonly before: readonly string[];
}

function draftOf(scene: RepairScene, { machine, component, path, flags, variables, file, text, before }: ManifestChange): Draft {
  const isApiServer = component === 'kube-apiserver';
  const kill = isApiServer ? killReason(scene, machine, flags) : undefined;
  const pod = goal({
    kind: 'static-pod',
    component,
    path,
    mode: file.mode,
    owner: file.owner,
    content: scene.board.texts.add(text),
    was: { sha256: file.sha256, ...(file.text !== undefined && !holdsCredential(file.text) && { text: file.text }) },
    flags: flags.map(({ flag, to }) => `--${flag}=${to}`),
    ...(kill !== undefined && { kill }),
  });
  return {
    id: manifestStep(machine.name, component),
    title: titleOf(component, flags, variables),
    on: { lane: laneOfMachine(machine) },
    needs: after(...before),
    gates: isApiServer ? servedWithout(scene, machine.name) : [],
    effect: { disruption: 'service', etcdMembers: 0 },
    actions: isApiServer ? [pod, servingProof(machine, flags)] : [pod],
  };
}

function titleOf(component: string, flags: readonly FlagEdit[], variables: readonly string[]): string {
  if (flags.length === 0) return `take ${variables.join(', ')} out of ${component}`;
  return `give ${component} its own ${flags.map(({ flag }) => flag).join(', ')}${variables.length === 0 ? '' : `, take ${variables.join(', ')} out`}`;
}

function servingProof(machine: Machine, flags: readonly FlagEdit[]): Planned<Action> {
  return means({ kind: 'api-serving', node: machine.name, address: addressAfter(machine, flags), server: ownServerOf(machine) });
}

/** The address by which the service `kubernetes` will know it. */
function addressAfter(machine: Machine, flags: readonly FlagEdit[]): string {
  return flags.find(({ flag }) => flag === 'advertise-address')?.to ?? flagOf(machine, 'kube-apiserver', 'advertise-address') ?? apiServerAddress(machine);
}

/**
 * An API server that is asked to end takes its address out of the endpoints of the service `kubernetes`; where others advertise the same address it takes out theirs, and the service leads
 * nowhere until one of them comes round to add it again, ten seconds later (kube-apiserver, controlplane/reconcilers/lease.go: RemoveEndpoints). Killed, it takes out nothing.
 */
function killReason({ view }: RepairScene, machine: Machine, flags: readonly FlagEdit[]): string | undefined {
  const from = flags.find(({ flag }) => flag === 'advertise-address')?.from ?? flagOf(machine, 'kube-apiserver', 'advertise-address');
  const sharing = from === undefined ? [] : view.controlPlanes.filter((other) => other.name !== machine.name && flagOf(other, 'kube-apiserver', 'advertise-address') === from);
  return sharing.length === 0
    ? undefined
    : `ending by itself it would take ${from}, which ${sharing.map(({ name }) => name).join(', ')} advertise${sharing.length === 1 ? 's' : ''} too, out of the service kubernetes`;
}

/** Machines whose own value cannot be told. */
function leaveDisputed(scene: RepairScene): void {
  for (const { code, component, flag, disputed = [] } of repairsOf(scene, 'own-flag')) {
    const steps = disputed.map(({ node, where, from, why }) => ({
      code,
      steps: [`${node}: ${why}`, `find out which is its own, and write it in the place of --${flag}=${from} of ${component} (${where})`],
    }));
    scene.byHand.push(...steps);
  }
}

/** Control planes that may carry the shared value and could not be looked at. */
function refuseUnseen({ board, view, findings }: RepairScene): void {
  for (const { code, remedy } of findings) {
    if (remedy.kind !== 'automatic' || remedy.repair.kind !== 'own-flag' || remedy.repair.shared.length === 0) continue;
    const { component } = remedy.repair;
    for (const machine of view.controlPlanes.filter(({ facts }) => facts === undefined))
      board.refuse(manifestStep(machine.name, component), laneOfMachine(machine), `${notSeen(machine)}: whether ${code} concerns it is not known`);
  }
}

/** Those that may start anew one after another; an etcd member that does takes a vote with it. */
const MENDED = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler'] as const satisfies readonly ComponentName[];

function isMended(component: string): component is (typeof MENDED)[number] {
  return (MENDED as readonly string[]).includes(component);
}
