import { randomUUID } from 'node:crypto';
import { AppError } from '../errors/app-error.ts';
import type { NetworkFacts } from '../facts/network/network-facts.ts';
import type { DialTarget, NetworkNode } from '../facts/network/network-plan.ts';
import { dialTargets, listenPorts } from '../facts/network/network-plan.ts';
import { LISTEN_SECONDS, TRY_NAME, dialScript, listenScript, stopListeningScript } from '../facts/network/network-script.ts';
import type { Listening } from '../facts/network/parse-network.ts';
import { parseDialled, parseListening } from '../facts/network/parse-network.ts';
import type { Observed } from '../facts/observed.ts';
import type { Host } from '../hosts/host.ts';
import type { PortSettings } from '../model/node-ports.ts';
import { known, unknown } from '../plan/fact.ts';
import { laneId } from '../plan/plan.ts';
import type { Fleet } from './observe-fleet.ts';

/** Short: nobody dials before all have answered, and listeners do not wait for ever. */
const LISTEN_TIMEOUT_MS = 5000;
const DIAL_TIMEOUT_MS = 20_000;
const STOP_TIMEOUT_MS = 5000;
const LISTEN_MS = LISTEN_SECONDS * 1000;

export interface TryNetworkRequest {
  readonly fleet: Fleet;
  readonly wide: PortSettings;
  /** Machines that answered, with the largest packet of the interface that carries the node's address. */
  readonly nodes: readonly (NetworkNode & { readonly mtu: number })[];
  readonly signal: AbortSignal;
  readonly now?: () => number;
}

/** What was made to listen, and until when it does for certain. */
type Listeners = Map<string, Listening & { readonly untilMs: number }>;

/**
 * What each machine reaches of the others, tried for real: listeners are started on new machines where ports are free, every machine dials, the listeners are stopped. Members
 * are only dialled: a restarting component of theirs must find its port free. Nothing is written, and listeners end by themselves if nobody is left to stop them.
 */
export async function tryNetwork(request: TryNetworkRequest): Promise<Readonly<Record<string, Observed<NetworkFacts>>>> {
  const nonce = `${TRY_NAME}-${randomUUID()}`;
  const listeners: Listeners = new Map();
  try {
    await startListeners(request, nonce, listeners);
    return await dialAll(request, listeners);
  } finally {
    await stopListeners(request, nonce, listeners);
  }
}

async function startListeners({ fleet, wide, nodes, signal, now = Date.now }: TryNetworkRequest, nonce: string, listeners: Listeners): Promise<void> {
  const start = async (node: NetworkNode): Promise<void> => {
    const untilMs = now() + LISTEN_MS;
    const script = listenScript(nonce, node.address, listenPorts(node, wide));
    listeners.set(node.name, { ...parseListening(await read(fleet, node.name, script, { signal, timeoutMs: LISTEN_TIMEOUT_MS })), untilMs });
  };
  await Promise.all(newOnes(nodes).map((node) => orElse(() => start(node), ignore)));
}

async function dialAll({ fleet, wide, nodes, signal, now = Date.now }: TryNetworkRequest, listeners: Listeners): Promise<Readonly<Record<string, Observed<NetworkFacts>>>> {
  const dial = async (node: TryNetworkRequest['nodes'][number]): Promise<Observed<NetworkFacts>> => {
    const { dialled, left } = splitTargets(dialTargets(node, nodes, wide), nodes, listeners);
    const answer = await read(fleet, node.name, dialScript(node.mtu, dialled), { signal, timeoutMs: DIAL_TIMEOUT_MS });
    const alive = new Map([...listeners].filter(([, { untilMs }]) => untilMs > now()));
    return withLeft(parseDialled(answer, dialled, alive), left);
  };
  return Object.fromEntries(await Promise.all(nodes.map(async (node) => [node.name, await orElse(() => dial(node), unknown)] as const)));
}

/** Also after an interruption, and also where the answer was lost. A listener that cannot be stopped ends by itself. */
async function stopListeners({ fleet, nodes }: TryNetworkRequest, nonce: string, listeners: Listeners): Promise<void> {
  const signal = AbortSignal.timeout(STOP_TIMEOUT_MS);
  const mayListen = newOnes(nodes).filter(({ name }) => !listeners.has(name) || listeners.get(name)?.pid !== undefined);
  const stop = (name: string): Promise<string> => read(fleet, name, stopListeningScript(nonce), { signal, timeoutMs: STOP_TIMEOUT_MS });
  await Promise.allSettled(mayListen.map(({ name }) => stop(name)));
}

const newOnes = (nodes: readonly NetworkNode[]): readonly NetworkNode[] => nodes.filter(({ isFresh }) => isFresh);
const ignore = (): void => undefined;

async function read(fleet: Fleet, name: string, script: string, options: Parameters<Host['read']>[1]): Promise<string> {
  return (await fleet.get(laneId(name))?.read(script, options)) ?? '';
}

/** What a machine that fails in the midst leaves of its answer; an interruption and a defect go on. */
async function orElse<T>(ask: () => Promise<T>, otherwise: (why: string) => T): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof AppError) || error.code === 'interrupted') throw error;
    return otherwise(error.message);
  }
}

/** Who has taken a port of a machine that is no member is a stranger: nobody dials him. */
function splitTargets(targets: readonly DialTarget[], nodes: readonly NetworkNode[], listening: ReadonlyMap<string, Listening>) {
  const fresh = new Set(newOnes(nodes).map(({ name }) => name));
  const isOurs = ({ to, protocol, port }: DialTarget): boolean => !fresh.has(to) || listening.get(to)?.ports.has(`${protocol}/${port}`) === true;
  return { dialled: targets.filter(isOurs), left: targets.filter((target) => !isOurs(target)) };
}

function withLeft(facts: Observed<NetworkFacts>, left: readonly DialTarget[]): Observed<NetworkFacts> {
  if (facts.state !== 'known') return facts;
  const deaf = left.map(({ to, protocol, port }) => ({ to, protocol, port, outcome: 'deaf' as const }));
  return known({ ...facts.value, ports: [...facts.value.ports, ...deaf] });
}
