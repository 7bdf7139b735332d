import { parseReach } from '../facts/inside/parse-reach.ts';
import type { ReachFacts } from '../facts/inside/reach-facts.ts';
import { reachScript } from '../facts/inside/reach-script.ts';
import type { ReachTargets } from '../facts/inside/reach-script.ts';
import { known } from '../plan/fact.ts';
import type { Fact } from '../plan/fact.ts';
import type { Fleet } from './observe-fleet.ts';
import type { Host } from '../hosts/host.ts';
import { unseenFact } from './unseen-fact.ts';

const TIMEOUT_MS = 30_000;

/** What every host reaches of the API, by lane: one round trip each, all at once. */
export async function observeReach(fleet: Fleet, targets: ReachTargets, signal: AbortSignal): Promise<Readonly<Record<string, Fact<ReachFacts>>>> {
  const script = reachScript(targets);
  const names = targets.controlPlanes.map(({ name }) => name);
  const answers = [...fleet].map(async ([lane, host]) => [lane as string, await readReach(host, script, names, signal)] as const);
  return Object.fromEntries(await Promise.all(answers));
}

async function readReach(host: Host, script: string, names: readonly string[], signal: AbortSignal): Promise<Fact<ReachFacts>> {
  try {
    return known(parseReach(await host.read(script, { signal, timeoutMs: TIMEOUT_MS }), names));
  } catch (error) {
    return unseenFact(error, signal);
  }
}
