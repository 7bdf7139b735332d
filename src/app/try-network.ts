import { randomUUID } from 'node:crypto';
import { AppError } from '../errors/app-error.ts';
import type { NetworkFacts } from '../facts/network/network-facts.ts';
import type { DialTarget, NetworkNode } from '../facts/network/network-plan.ts';
import { dialTargets, listenPorts } from '../facts/network/network-plan.ts';
import { dialScript, listenScript, stopListeningScript } from '../facts/network/network-script.ts';
import type { Listening } from '../facts/network/parse-network.ts';
import { NOT_LISTENING, parseDialled, parseListening } from '../facts/network/parse-network.ts';
import type { Observed } from '../facts/observed.ts';
import type { PortSettings } from '../model/node-ports.ts';
import { known, unknown } from '../plan/fact.ts';
import { laneId } from '../plan/plan.ts';
import type { Fleet } from './observe-fleet.ts';

const TIMEOUT_MS = 20_000;

export interface TryNetworkRequest {
  readonly fleet: Fleet;
  readonly wide: PortSettings;
  /** Machines that answered, with the largest packet of the interface that carries the node's address. */
  readonly nodes: readonly (NetworkNode & { readonly mtu: number })[];
  readonly signal: AbortSignal;
}

/**
 * What each machine reaches of the others, tried for real: listeners are started where ports are free, every machine dials, the listeners are stopped. Three round
 * trips a machine, nothing is written, and listeners end by themselves if nobody is left to stop them.
 */
export async function tryNetwork({ fleet, wide, nodes, signal }: TryNetworkRequest): Promise<Readonly<Record<string, Observed<NetworkFacts>>>> {
  const nonce = `kubewright-${randomUUID()}`;
  const read = async (name: string, script: string): Promise<string> => {
    const host = fleet.get(laneId(name));
    return host === undefined ? '' : host.read(script, { signal, timeoutMs: TIMEOUT_MS });
  };
  const each = <T>(ask: (node: (typeof nodes)[number]) => Promise<T>): Promise<readonly (readonly [string, T])[]> =>
    Promise.all(nodes.map(async (node) => [node.name, await ask(node)] as const));
  const listening = new Map(
    await each((node) =>
      orElse(
        async () => parseListening(await read(node.name, listenScript(nonce, node.address, listenPorts(node, wide)))),
        () => NOT_LISTENING,
      ),
    ),
  );
  try {
    const answers = await each(async (node): Promise<Observed<NetworkFacts>> => {
      const { dialled, left } = splitTargets(dialTargets(node, nodes, wide), nodes, listening);
      return orElse(async () => withLeft(parseDialled(await read(node.name, dialScript(node.mtu, dialled)), dialled, listening), left), unknown);
    });
    return Object.fromEntries(answers);
  } finally {
    await each(({ name }) => stop(listening.get(name), (pid) => read(name, stopListeningScript(nonce, pid))));
  }
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

/** A listener that cannot be stopped ends by itself. */
async function stop(listening: Listening | undefined, by: (pid: number) => Promise<string>): Promise<void> {
  const pid = listening?.pid;
  if (pid !== undefined)
    await orElse(
      async () => void (await by(pid)),
      () => undefined,
    );
}

/** Who has taken a port of a machine that is no member is a stranger: nobody dials him. */
function splitTargets(targets: readonly DialTarget[], nodes: readonly NetworkNode[], listening: ReadonlyMap<string, Listening>) {
  const fresh = new Set(nodes.filter(({ isFresh }) => isFresh).map(({ name }) => name));
  const isOurs = ({ to, protocol, port }: DialTarget): boolean => !fresh.has(to) || listening.get(to)?.ports.has(`${protocol}/${port}`) === true;
  return { dialled: targets.filter(isOurs), left: targets.filter((target) => !isOurs(target)) };
}

function withLeft(facts: Observed<NetworkFacts>, left: readonly DialTarget[]): Observed<NetworkFacts> {
  if (facts.state !== 'known') return facts;
  const deaf = left.map(({ to, protocol, port }) => ({ to, protocol, port, outcome: 'deaf' as const }));
  return known({ ...facts.value, ports: [...facts.value.ports, ...deaf] });
}
