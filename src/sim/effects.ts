import type { Action, ActionByKind, ActionKind } from '../actions/action.ts';
import { DRIFTED_EXIT } from '../actions/kind.ts';
import { kindOf } from '../actions/kinds.ts';
import { TOKEN_DESCRIPTION } from '../actions/kinds/tokens.ts';
import { ADMIN_CONF } from '../facts/kubernetes-paths.ts';
import type { View } from '../facts/snapshot.ts';
import { known } from '../plan/fact.ts';
import { INIT_MARK, JOIN_MARK } from '../shell/remote-paths.ts';
import { sha256 } from '../util/sha256.ts';
import { resetPhases } from './kubeadm-reset.ts';
import { readKubeadmDocuments } from './kubeadm-documents.ts';
import type { Phase } from './kubeadm-init.ts';
import { initPhases } from './kubeadm-init.ts';
import { joinPhases } from './kubeadm-join.ts';
import { noteAction } from './ledger-entries.ts';
import { appliedObjects } from './objects.ts';
import { resetEffects } from './reset-effects.ts';
import type { SimCluster } from './sim-cluster.ts';
import { noteClaim } from './sim-ledger.ts';
import type { SimWorld } from './sim-world.ts';
import { ScriptFailed, textOf } from './work.ts';
import type { Effect, Work } from './work.ts';

/** What actions do that their `predict` cannot say: bytes, what kubeadm does meanwhile, waits. Every other kind does what it predicts. */
const effects: { readonly [K in ActionKind]?: Effect<ActionByKind[K]> } = {
  ...resetEffects,
  file: (action, work) => {
    const { path, mode, owner, content } = action;
    const text = textOf(content, work);
    const foretold = viewAfter(action, work).host;
    const fact = foretold.state === 'known' ? foretold.value.files[path] : undefined;
    if (fact?.type === 'file' && fact.sha256 !== sha256(text)) throw new Error(`${path} is not what was predicted`);
    work.machine.write(path, text, { mode, owner });
  },
  absent: ({ path }, { machine }) => machine.remove(path),
  program: (action, work) => {
    const { blobs, store } = work.machine;
    if (blobs.delete(action.blob.sha256)) store.add(action.blob.sha256);
    if (!store.has(action.blob.sha256)) throw new ScriptFailed(`${action.path} is neither uploaded nor in the store`);
    asPredicted(action, work);
  },
  images: async (action, work) => {
    if (!work.machine.blobs.has(action.blob.sha256)) throw new ScriptFailed(`${action.archive} is not uploaded`);
    for (const image of action.images) {
      await work.pause();
      asPredicted({ ...action, images: [image] }, work);
    }
    work.machine.blobs.delete(action.blob.sha256);
  },
  unit: async (action, work) => {
    asPredicted({ ...action, want: 'enabled' }, work);
    await work.pause();
    if (action.want === 'running') work.machine.start(action.unit);
  },
  'kubeadm-init': (action, work) =>
    kubeadm(work, INIT_MARK, { what: 'init', node: action.node, phases: initPhases(work.world, work.machine, readKubeadmDocuments(textOf(action.config, work))) }),
  'kubeadm-join': (action, work) =>
    kubeadm(work, JOIN_MARK, { what: 'join', node: action.node, phases: joinPhases(work.world, work.machine, readKubeadmDocuments(textOf(action.config, work))) }),
  'kubeadm-reset': async (action, work) => {
    if (!work.machine.has(INIT_MARK) && !work.machine.has(JOIN_MARK)) throw new ScriptFailed(`${action.node} has joined since the plan was made`, DRIFTED_EXIT);
    await runPhases(work, resetPhases(work.world, work.machine, action));
    work.world.done('reset', action.node);
  },
  'member-absent': (action, work) => {
    const { world } = work;
    const cluster = ownCluster(work);
    const gone = cluster.members.filter(({ name, peerURL }) => name === action.node || peerURL === action.peerURL);
    for (const member of gone) {
      if (!member.isLearner && !world.hasQuorum(member)) world.violations.push(`etcd loses its quorum with the member of ${action.node}`);
      cluster.members = cluster.members.filter(({ id }) => id !== member.id);
      world.done('member removed', action.node);
    }
  },
  objects: (action, work) => {
    const cluster = ownCluster(work);
    asPredicted(action, work);
    appliedObjects(cluster, textOf([action.objects], work));
  },
  'token-generate': ({ slot }, { world, provide }) => provide(slot, newToken(world)),
  'token-create': ({ slot }, work) => {
    const cluster = ownCluster(work);
    const token = newToken(work.world);
    cluster.tokens = [...cluster.tokens, { id: token.split('.')[0] ?? '', token, description: TOKEN_DESCRIPTION }];
    work.provide(slot, token);
  },
  'read-files': ({ files, pin }, { machine, provide }) => {
    for (const { path, slot } of files) {
      if (!machine.has(path)) throw new ScriptFailed(`${path}: No such file`);
      provide(slot, machine.text(path));
    }
    if (pin !== undefined) provide(pin.slot, `sha256:${sha256(machine.text(pin.path))}`);
  },
  'place-secret': ({ path, slot }, work) => work.machine.write(path, textOf([{ ...slot, type: 'text' }], work), { mode: path.endsWith('.key') ? '600' : '644' }),
  'nodes-ready': ({ nodes, deadlineSeconds }, work) => awaitTruth(work, deadlineSeconds, (cluster) => nodes.every((name) => cluster.nodes[name]?.isReady === true)),
  'rolled-out': ({ workload, deadlineSeconds }, work) => awaitTruth(work, deadlineSeconds, (cluster) => cluster.workloads[workload]?.isRolledOut === true),
};

/** Does the action to the world, the ledger first; throws `ScriptFailed` when its script would fail. */
export async function perform(action: Action, work: Work): Promise<void> {
  if (action.kind === 'file') expectUnchanged(action, work);
  noteAction(action, work);
  const effect = effects[action.kind] as Effect<Action> | undefined;
  await (effect ?? asPredicted)(action, work);
}

/** What lies there is what the plan was made from. */
function expectUnchanged({ path, was }: ActionByKind['file'], { machine }: Work): void {
  const now = machine.file(path);
  const found = now.type === 'file' ? now.sha256 : now.type;
  if (!('hidden' in was) && found !== ('absent' in was ? 'absent' : was.sha256)) throw new ScriptFailed(`${path}: found ${found}`, DRIFTED_EXIT);
}

function viewAfter(action: Action, { world, machine }: Work): View {
  return kindOf(action).predict({ host: known(machine.facts), cluster: world.clusterVia(machine) });
}

/** Kinds that ask the cluster do so through the API server beside them. */
const asksCluster: ReadonlySet<ActionKind> = new Set<ActionKind>(['node-absent', 'node-settings', 'objects', 'tokens-revoked']);

function asPredicted(action: Action, work: Work): void {
  if (asksCluster.has(action.kind)) return changeCluster(action, work);
  const { host } = viewAfter(action, work);
  if (host.state === 'known') work.machine.facts = host.value;
}

/** The objects as predicted; members are changed by their own kinds alone. */
function changeCluster(action: Action, work: Work): void {
  const cluster = ownCluster(work);
  const { cluster: after } = viewAfter(action, work);
  if (after.state !== 'known') return;
  const { nodes, configMaps, workloads, bootstrapTokens } = after.value;
  const left = new Set(bootstrapTokens.map(({ id }) => id));
  Object.assign(cluster, { nodes, configMaps, workloads, tokens: cluster.tokens.filter(({ id }) => left.has(id)) });
}

function ownCluster({ world, machine }: Work): SimCluster {
  if (world.cluster === undefined || !machine.has(ADMIN_CONF) || !world.isServing(machine)) throw new ScriptFailed('the connection to the server was refused');
  return world.cluster;
}

function newToken(world: SimWorld): string {
  const id = world.nextId();
  return `${id.padStart(6, '0')}.${id.padStart(16, '0')}`;
}

interface Kubeadm {
  readonly what: 'init' | 'join';
  readonly node: string;
  readonly phases: readonly Phase[];
}

async function kubeadm(work: Work, mark: string, { what, node, phases }: Kubeadm): Promise<void> {
  work.machine.write(mark, '', { mode: '644' });
  await runPhases(work, phases);
  noteClaim(work.machine, work.world.name);
  work.world.done(what, node);
  await work.pause();
  work.machine.remove(mark);
}

async function runPhases({ pause }: Work, phases: readonly Phase[]): Promise<void> {
  for (const { name, run } of phases) {
    await pause();
    try {
      run();
    } catch (error) {
      throw new ScriptFailed(`[${name}] ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

const LOOK_EVERY_MS = 1000;

async function awaitTruth(
  work: Work,
  deadlineSeconds: number,
  holds: (cluster: Extract<ReturnType<SimWorld['clusterVia']>, { state: 'known' }>['value']) => boolean,
): Promise<void> {
  const { world, machine } = work;
  const untilMs = world.clock.now() + deadlineSeconds * LOOK_EVERY_MS;
  for (;;) {
    await work.pause();
    const seen = world.clusterVia(machine);
    if (seen.state === 'known' && holds(seen.value)) return;
    if (world.clock.now() >= untilMs) throw new ScriptFailed('timed out waiting for the condition');
    await world.clock.sleep(LOOK_EVERY_MS, new AbortController().signal);
  }
}
