import type { Release } from '../catalogue/release.ts';
import type { HostFacts } from '../facts/host-facts.ts';
import { bareSnapshot } from '../facts/bare-host.ts';
import type { JoinState } from '../facts/join-state.ts';
import { initState, joinProbes } from '../facts/join-state.ts';
import { fileKey } from '../facts/keys.ts';
import { CLUSTER_CA } from '../facts/kubernetes-paths.ts';
import type { ProbeRequest } from '../facts/probe-request.ts';
import { knownHosts } from '../facts/snapshot.ts';
import type { Snapshot } from '../facts/snapshot.ts';
import { contextOf } from '../model/cluster.ts';
import type { Cluster, NodeContext } from '../model/cluster.ts';
import { laneId } from '../plan/plan.ts';
import type { Content } from '../plan/plan.ts';
import { planAddons, planRevocation, planSettled } from './addons/plan-addons.ts';
import type { ArtifactRefs } from './artifact-refs.ts';
import { DraftBoard } from './draft-board.ts';
import type { RefusedStep } from './draft-board.ts';
import { planProxy, planTidy, proxyStep } from './endpoint.ts';
import { CA_STEP, PKI_STEP, TOKEN_STEP, initStep, planAuthority, planInit, planSecrets } from './init.ts';
import { joinStep, planJoin, planKubelet, planProof, proveStep } from './join.ts';
import { patchPaths } from './files/patches.ts';
import { REGISTRY_LIST } from './files/registries.ts';
import type { Unsupported } from './unsupported.ts';
import { unsupportedChanges } from './living-cluster.ts';
import { planNodeSettings } from './node-settings.ts';
import { planPrepares } from './prepare.ts';
import type { IsContent, Scene } from './scene.ts';
import { CA_SLOT, joinStateOf, laneOfNode, traitProbes } from './scene.ts';
import type { DeployPlan } from './step-types.ts';
import { after } from './step-types.ts';

export interface DeployInput {
  readonly cluster: Cluster;
  /** Digest of the desired cluster. */
  readonly desired: string;
  readonly snapshot: Snapshot;
  readonly artifacts: ArtifactRefs;
  readonly release: Release;
  /** Default: nothing that holds a secret is taken for right. */
  readonly isContent?: IsContent;
}

export interface DeployAnswer {
  readonly plan: DeployPlan;
  /** Steps left out since something they rely on could not be seen. */
  readonly refused: readonly RefusedStep[];
  /** Differences that this version cannot carry out: nothing may run while there are any. */
  readonly unsupported: readonly Unsupported[];
  /** Why the cluster can be neither seen nor taken for absent; nothing may run then. */
  readonly obscured: string | undefined;
}

/** The plan that brings machines to the cluster of the file, whatever part of it is there already. Pure. */
export function planDeploy(input: DeployInput): DeployAnswer {
  const { board, obscured, unsupported } = draftDeploy(input);
  return { plan: board.plan(input.desired), refused: board.refused(), unsupported, obscured };
}

/** Facts that decide whether there is a cluster. */
const startProbes: readonly ProbeRequest[] = [
  ...joinProbes,
  ...traitProbes,
  { probe: 'file', path: CLUSTER_CA, text: true },
  { probe: 'file', path: REGISTRY_LIST, text: true },
  ...patchPaths.map((path) => ({ probe: 'file', path, text: true }) as const),
];

/** What the planner will ask about every host: found by planning for machines on which nothing is installed, since that meets every goal there is. */
export function deployProbes({ cluster, ...input }: Omit<DeployInput, 'snapshot'>): readonly ProbeRequest[] {
  const nodes = twoOfEachSort(cluster.nodes);
  const lanes = nodes.map(({ name }) => laneId(name));
  const { board } = draftDeploy({ ...input, cluster: { ...cluster, nodes }, snapshot: bareSnapshot(lanes, startProbes) });
  return [...board.probes(), ...startProbes];
}

/** Nodes that differ in more than words, two of each sort, so that one joins another: of a thousand workers one asks what they all ask. */
function twoOfEachSort(nodes: Cluster['nodes']): Cluster['nodes'] {
  const seen = new Map<string, number>();
  return nodes.filter(({ name, role, labels, taints, args }) => {
    const given = [Object.keys(labels.openFor(name)), taints.openFor(name), ...Object.values(args.openFor(name))].map(({ length }) => length > 0);
    const sort = `${role} ${given.join(' ')}`;
    const count = (seen.get(sort) ?? 0) + 1;
    seen.set(sort, count);
    return count <= 2;
  });
}

interface Drafted extends Pick<DeployAnswer, 'obscured' | 'unsupported'> {
  readonly board: DraftBoard;
}

function draftDeploy({ cluster, snapshot, artifacts, release, isContent = () => false }: DeployInput): Drafted {
  const board = new DraftBoard(snapshot);
  const contexts = cluster.nodes.map((node) => contextOf(cluster, node));
  const start = decideStart(board, contexts, snapshot);
  const ca = 'living' in start ? authority(board, snapshot) : [CA_SLOT];
  const scene: Scene = { wide: cluster.wide, board, artifacts, release, ca, isContent };
  // Before anything is drafted, and so on what was seen: drafts foretell what they would change.
  const unsupported = 'obscured' in start ? [] : unsupportedChanges(cluster, board, { isLiving: 'living' in start });
  planPrepares(scene, contexts);
  if ('obscured' in start) return { board, unsupported, obscured: start.obscured };
  planMembership(scene, contexts, { start, hosts: knownHosts(snapshot).map(([, facts]) => facts) });
  return { board, unsupported, obscured: undefined };
}

/** The authority as the control plane shows it that answered for the cluster; unseen, the slot that is filled from one during the run. */
function authority(board: DraftBoard, { cluster }: Snapshot): Content {
  const file = cluster.state === 'known' ? board.read(cluster.value.via, fileKey(CLUSTER_CA)) : undefined;
  return file?.type === 'file' && file.text !== undefined ? board.texts.contentOf(file.text) : [CA_SLOT];
}

type Start = { readonly init: NodeContext } | { readonly living: true } | { readonly obscured: string };

/**
 * Whether there is a cluster. Only machines that are bare, or one alone with an init of ours that did not succeed (its mark is there), are taken for a
 * beginning; everything else may be a cluster that is down, and is left alone.
 */
function decideStart(board: DraftBoard, contexts: readonly NodeContext[], snapshot: Snapshot): Start {
  const controlPlanes = contexts.filter(({ node }) => node.role === 'control-plane');
  const states = controlPlanes.map((context) => ({ context, state: initState(context.node.name, board.reading(laneOfNode(context))) }));
  const begun = states.filter(({ state }) => state === 'partial');
  const [only] = begun;
  if (snapshot.cluster.state === 'known') {
    const isOthers = Object.keys(snapshot.cluster.value.nodes).some((name) => name !== only?.context.node.name);
    return only !== undefined && begun.length === 1 && !isOthers ? { init: only.context } : { living: true };
  }
  const unseen = states.find(({ state }) => state === 'unknown');
  if (unseen !== undefined) return { obscured: `${unseen.context.node.name} could not be seen, and it may hold a cluster` };
  const traced = states.filter(({ state }) => state !== 'absent');
  if (traced.length === 0) return initOn(controlPlanes);
  if (traced.length === 1 && only !== undefined) return { init: only.context };
  return { obscured: `${traced.map(({ context }) => context.node.name).join(', ')} ${traced.length === 1 ? 'holds' : 'hold'} a control plane and no API server answers` };
}

/** Any will do: the least name, so that the order of the file decides nothing. */
function initOn(controlPlanes: readonly NodeContext[]): Start {
  const [first] = controlPlanes;
  return first === undefined ? { obscured: 'the file has no control plane' } : { init: first };
}

interface Beginning {
  readonly start: Exclude<Start, { obscured: string }>;
  readonly hosts: readonly HostFacts[];
}

/** How nodes stand towards the cluster. */
interface Standing {
  readonly members: readonly NodeContext[];
  readonly joining: readonly NodeContext[];
  /** Members or not, that could not be seen: their steps are refused, those of others go on. */
  readonly unseen: readonly NodeContext[];
}

function standingOf(scene: Scene, contexts: readonly NodeContext[]): Standing {
  const states = contexts.map((context) => ({ context, state: joinStateOf(scene, context) }));
  const of = (...wanted: readonly JoinState[]) => states.filter(({ state }) => wanted.includes(state)).map(({ context }) => context);
  return { members: of('joined'), joining: of('absent', 'partial'), unseen: of('unknown', 'foreign') };
}

const isControlPlane = ({ node }: NodeContext): boolean => node.role === 'control-plane';
const namesOf = (contexts: readonly NodeContext[]): readonly string[] => contexts.map(({ node }) => node.name);

function planMembership(scene: Scene, contexts: readonly NodeContext[], { start, hosts }: Beginning): void {
  const names = namesOf(contexts);
  const begun = 'init' in start ? [start.init] : [];
  for (const context of begun) planInit(scene, context, hosts);
  const standing = standingOf(
    scene,
    contexts.filter((context) => !begun.includes(context)),
  );
  const inits = namesOf(begun).map(initStep);
  // What asks the cluster needs the endpoint on the control plane it runs on.
  const api = [...inits, ...namesOf([...begun, ...standing.members].filter(isControlPlane)).map(proxyStep)];
  if (begun.length + standing.joining.length > 0) planAuthority(scene, begun[0]);
  for (const context of standing.members) planProxy(scene, context, []);
  for (const context of begun) planBegun(scene, context, api);
  planAddons(scene, names, after(...api));
  planJoins(scene, standing, { begun, api });
  for (const context of contexts) planKubelet(scene, context);
  for (const context of contexts) planNodeSettings(scene, context, after(...api));
  for (const context of contexts) planTidy(scene, context);
  planSettled(scene, names, after(...names.flatMap((name) => [joinStep(name), proveStep(name)])));
  planRevocation(scene, [...(begun.length === 0 ? [TOKEN_STEP] : inits), ...names.map(joinStep)]);
}

function planBegun(scene: Scene, context: NodeContext, api: readonly string[]): void {
  const init = initStep(context.node.name);
  planProxy(scene, context, after(CA_STEP, init));
  if (scene.board.has(init)) planProof(scene, context, api);
}

/** Control planes one after another: etcd takes one learner at a time. Workers as soon as the API answers, side by side. */
function planJoins(scene: Scene, { members, joining, unseen }: Standing, { begun, api }: { readonly begun: readonly NodeContext[]; readonly api: readonly string[] }): void {
  const controlPlanes = joining.filter(isControlPlane);
  for (const context of joining) planProxy(scene, context, after(CA_STEP));
  if (joining.length > 0) planSecrets(scene, { token: begun.length === 0, pki: controlPlanes.length > 0 }, api);
  // A run that died between a join and its proof: nothing more joins before the proof is made.
  const unproven = controlPlanes.length === 0 ? [] : members.filter(isControlPlane);
  for (const context of unproven) planProof(scene, context, [proxyStep(context.node.name)]);
  let before: readonly string[] = [...api, ...namesOf([...begun, ...unproven]).map(proveStep)];
  for (const context of controlPlanes) {
    planJoin(scene, context, { needs: after(TOKEN_STEP, CA_STEP, PKI_STEP, ...before), api });
    before = [joinStep(context.node.name), proveStep(context.node.name)];
  }
  for (const context of joining.filter((other) => !isControlPlane(other))) planJoin(scene, context, { needs: after(TOKEN_STEP, CA_STEP, ...api), api });
  for (const context of unseen) scene.board.refuse(joinStep(context.node.name), laneOfNode(context), 'whether it has joined could not be seen');
}
