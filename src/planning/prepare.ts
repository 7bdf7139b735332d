import { everyHostPackage, familyOf } from '../catalogue/distributions.ts';
import type { DistributionFamily } from '../catalogue/distributions.ts';
import { hostPackagesOf } from '../catalogue/host-packages.ts';
import { fileAction } from '../actions/kinds/file.ts';
import type { Action } from '../actions/action.ts';
import { fileKey } from '../facts/keys.ts';
import type { HostTraits } from '../facts/host-traits.ts';
import type { NodeContext } from '../model/cluster.ts';
import type { Planned } from '../plan/plan.ts';
import { artifactRef, blobOf } from './artifact-refs.ts';
import { fetchOf } from './fetch-of.ts';
import { apiProxyFiles, apiProxyOf } from './files/api-proxy.ts';
import { KUBELET_UNIT, kubeletFiles } from './files/kubelet.ts';
import type { NodeFile } from './files/patches.ts';
import { patchFiles } from './files/patches.ts';
import { CONTAINERD_UNIT, containerdInputs, runtimeFiles } from './files/runtime.ts';
import { proxyDropIn, proxyFile } from './files/outbound-proxy.ts';
import { HOSTS_FILE, hostsText, kernelFiles, recorderFile, wantedModules, wantedSysctls } from './files/system.ts';
import { registryActions } from './registries.ts';
import type { Scene } from './scene.ts';
import { joinStateOf, laneOfNode, peerURLOf, traitsOf } from './scene.ts';
import type { Draft } from './step-types.ts';
import { after, goal } from './step-types.ts';

const QUORUM_DEADLINE_MS = 60_000;

const PROGRAMS = ['containerd', 'containerd-shim-runc-v2', 'ctr', 'runc', 'crictl', 'kubeadm', 'kubelet', 'kubectl'];
const CONTROL_PLANE_PROGRAMS = ['etcdctl'];
const CNI_PLUGINS = ['cni-bridge', 'cni-loopback', 'cni-host-local', 'cni-portmap', 'cni-bandwidth', 'cni-firewall', 'cni-tuning'];

export const prepareStep = (node: string): string => `${node}/prepare`;
export const imagesStep = (node: string): string => `${node}/images`;

/**
 * Drafts what every host needs before kubeadm. Hosts do not wait for one another, but for control planes of a living cluster: a changed runtime is restarted on one of them at a time, while the
 * others have the quorum, and on none after one on which it failed.
 */
export function planPrepares(scene: Scene, contexts: readonly NodeContext[]): void {
  // Which of these a machine needs is known when it has said what it is.
  scene.board.look(...everyHostPackage.map((name) => ({ probe: 'package', name }) as const));
  const living = contexts.filter((context) => context.node.role === 'control-plane' && joinStateOf(scene, context) === 'joined');
  for (const context of contexts) planPrepare(scene, context, turnOf(context, living));
}

type Turn = Pick<Draft, 'needs' | 'gates'>;

function turnOf(context: NodeContext, living: readonly NodeContext[]): Turn {
  const place = living.indexOf(context);
  // One alone has no others that could serve meanwhile.
  if (place === -1 || living.length === 1) return {};
  const { name, address } = context.node;
  const before = living.slice(0, place).map(({ node }) => prepareStep(node.name));
  return { needs: after(...before), gates: [{ gate: 'etcd-spared', node: name, peerURL: peerURLOf(address.openFor(name)), deadlineMs: QUORUM_DEADLINE_MS }] };
}

/** Drafts what a host needs before kubeadm: packages, kernel settings, runtime, programs, kubelet unit, endpoint name, the proxy's files; and its images. */
function planPrepare(scene: Scene, context: NodeContext, turn: Turn): void {
  const { node } = context;
  const lane = laneOfNode(context);
  const traits = traitsOf(scene, context);
  const family = traits && familyOf(traits.platform);
  if (traits === undefined || family === undefined || isHostsFileUnseen(scene, context)) {
    const why = obstacleOf(traits, family);
    scene.board.refuse(prepareStep(node.name), lane, why);
    scene.board.refuse(imagesStep(node.name), lane, why);
    return;
  }
  scene.board.add({
    id: prepareStep(node.name),
    title: 'prepare the machine',
    on: { lane },
    ...turn,
    effect: { disruption: 'service', etcdMembers: 0 },
    actions: prepareActions(scene, context, { traits, family }),
  });
  scene.board.add({
    id: imagesStep(node.name),
    title: scene.wide.pull === undefined ? 'import images' : 'pull images',
    on: { lane },
    needs: after(prepareStep(node.name)),
    actions: imageActions(scene, context),
  });
}

function obstacleOf(traits: HostTraits | undefined, family: DistributionFamily | undefined): string {
  if (traits === undefined) return 'the machine could not be seen';
  if (family === undefined) return `how packages are called and installed on ${traits.platform.osId || 'its distribution'} is not known`;
  return `${HOSTS_FILE} could not be read as a text: it is edited, never replaced`;
}

/** What a machine is, and what the names of things are there. */
interface Machine {
  readonly traits: HostTraits;
  readonly family: DistributionFamily;
}

function prepareActions(scene: Scene, context: NodeContext, machine: Machine): readonly Planned<Action>[] {
  const { traits, family } = machine;
  const file = (wanted: NodeFile): Planned<Action> => goal(fileActionOf(scene, context, wanted));
  return [
    packagesGoal(scene, machine),
    file(recorderFile),
    ...kernelFiles(traits).map(file),
    ...wantedModules(traits).map((name) => goal({ kind: 'module', name })),
    ...wantedSysctls(traits).map(([name, value]) => goal({ kind: 'sysctl', name, value })),
    ...programActions(scene, context),
    ...runtimeFiles(scene.release.images.pause, scene.wide, traits).map(file),
    proxyGoal(scene, context, CONTAINERD_UNIT),
    ...registryActions(scene, context),
    goal({ kind: 'unit', unit: CONTAINERD_UNIT, want: 'running', inputs: containerdInputs(scene.wide), onChange: 'restart' }),
    ...kubeletFiles(scene.wide, family).map(file),
    proxyGoal(scene, context, KUBELET_UNIT),
    goal({ kind: 'unit', unit: KUBELET_UNIT, want: 'enabled', inputs: [], onChange: 'restart' }),
    ...patchFiles(context, traits).map(file),
    ...apiProxyFiles(apiProxyOf(context)).map(file),
    ...hostsActions(scene, context),
  ];
}

/** From the archive where there is one for the machine's release, else from the mirror that the machine knows. */
function packagesGoal({ artifacts }: Scene, { traits: { platform }, family }: Machine): Planned<Action> {
  const isArchived = platform.osId === hostPackagesOf.osId && platform.osVersion === hostPackagesOf.osVersion;
  const archive = isArchived ? artifacts.get('host-packages') : undefined;
  const keepOff = [{ package: 'haproxy', unit: 'haproxy.service' }];
  return goal({ kind: 'packages', manager: family.packageManager, names: family.hostPackages, keepOff, ...(archive && { from: blobOf(archive) }) });
}

function proxyGoal(scene: Scene, context: NodeContext, unit: string): Planned<Action> {
  const wanted = proxyFile(unit, context);
  return goal(wanted === undefined ? { kind: 'absent', path: proxyDropIn(unit), because: 'the cluster has no proxy', secret: false } : fileActionOf(scene, context, wanted));
}

function fileActionOf(scene: Scene, context: NodeContext, { path, mode, text, isPrivate }: NodeFile): Action {
  return fileAction(
    { path, mode, owner: 'root:root', content: scene.board.texts.contentOf(text), ...(isPrivate === true && { isPrivate }) },
    scene.board.read(laneOfNode(context), fileKey(path)),
  );
}

/** The file is edited, not replaced: where its text was not seen (it is too long, or no text), the machine is not prepared. */
function isHostsFileUnseen(scene: Scene, context: NodeContext): boolean {
  const now = scene.board.read(laneOfNode(context), fileKey(HOSTS_FILE));
  return now === undefined || (now.type !== 'absent' && (now.type !== 'file' || now.text === undefined));
}

function hostsActions(scene: Scene, context: NodeContext): readonly Planned<Action>[] {
  const now = scene.board.read(laneOfNode(context), fileKey(HOSTS_FILE));
  const text = now?.type === 'file' ? (now.text ?? '') : '';
  return [goal(fileActionOf(scene, context, { path: HOSTS_FILE, mode: now?.type === 'file' ? now.mode : '644', text: hostsText(text, context.wide.endpoint) }))];
}

function programActions({ artifacts }: Scene, context: NodeContext): readonly Planned<Action>[] {
  const programs = context.node.role === 'control-plane' ? [...PROGRAMS, ...CONTROL_PLANE_PROGRAMS] : PROGRAMS;
  const refs = [...programs, ...CNI_PLUGINS].map((name) => artifactRef(artifacts, name));
  const install = (directory: string) => (name: string) => {
    const ref = artifactRef(artifacts, name);
    const fetch = context.wide.pull && fetchOf(ref, refs, context);
    return goal({ kind: 'program', path: `${directory}/${ref.fileName}`, version: ref.version, blob: blobOf(ref), ...(fetch !== undefined && { fetch }) });
  };
  return [...programs.map(install('/usr/local/bin')), ...CNI_PLUGINS.map(install('/opt/cni/bin'))];
}

function imageActions({ artifacts, wide }: Scene, { node }: NodeContext): readonly Planned<Action>[] {
  const archives = node.role === 'control-plane' ? ['images-control-plane', 'images-node'] : ['images-node'];
  return archives.map((archive) => {
    const ref = artifactRef(artifacts, archive);
    return goal({ kind: 'images', archive, blob: blobOf(ref), images: ref.images, ...(wide.pull !== undefined && { isPulled: true as const }) });
  });
}
