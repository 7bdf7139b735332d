import { askApiService, askApiServer, everythingOf } from '../attempts.ts';
import type { Remaining } from '../attempts.ts';
import { auditFrom } from '../audit.ts';
import type { Ended } from '../kubewright.ts';
import { resolveFromPod } from '../probe-pods.ts';
import { removeControlPlane } from '../remove-control-plane.ts';
import { failed, inWords, sampleAll, sampleDuring } from '../samples.ts';
import type { Attempt, Sample, Watched } from '../samples.ts';
import type { Machine } from '../test-lab.ts';
import type { Story } from './story.ts';

const EVERY_MS = 500;
/** How far apart in time the failures of a request and of the server that it was bound to may be seen: each is asked twice a second, and a server that ends leaves the endpoints a moment later. */
const TOGETHER_MS = 3000;
const AFTERWARDS_MS = 60_000;

const BY_SERVICE = 'the API by its service';
const BY_NAME = 'a name in a pod';
const METRICS = 'kubectl top nodes';
const OF_SERVER = 'the API server';

/** Runs `audit --fix` while pods and machines use the API's service and DNS, and each API server is asked by itself. */
export async function mend({ first, controlPlanes, worker, cluster }: Story, { pods }: Remaining): Promise<Watched<Ended>> {
  const { machines } = cluster;
  const attempts: readonly (readonly [string, Attempt])[] = [
    ...machines.map((machine) => [`${BY_SERVICE}, ${machine.name}`, () => askApiService(machine)] as const),
    ...machines.map((machine) => [`${BY_NAME}, ${machine.name}`, () => resolveFromPod(machine, pods.get(machine.name) ?? '')] as const),
    ...controlPlanes.map((server) => [`${OF_SERVER} of ${server.name}`, () => askApiServer(worker, server)] as const),
  ];
  const watched = await sampleDuring(() => auditFrom(first, '--fix', '--yes'), EVERY_MS, Object.fromEntries(attempts));
  report(`audit --fix, ${watched.result.seconds.toFixed(1)} s`, watched.samples);
  return watched;
}

interface Downtime {
  readonly server: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** From the first failure in a row to the end of the last. */
function downtimes([server, tries]: readonly [string, readonly Sample[]]): readonly Downtime[] {
  return tries.reduce<readonly Downtime[]>((all, { isGood, atMs, tookMs }, index) => {
    if (isGood) return all;
    const last = all.at(-1);
    return last === undefined || tries[index - 1]?.isGood === true
      ? [...all, { server, fromMs: atMs, toMs: atMs + tookMs }]
      : [...all.slice(0, -1), { ...last, toMs: atMs + tookMs }];
  }, []);
}

/** Failures of those who use the cluster that no restart of one API server explains, and API servers that were down together. Names in pods depend on no one server: each failure is told. */
export function unexplained({ samples }: Watched<unknown>): readonly string[] {
  const isServer = ([what]: readonly [string, unknown]): boolean => what.startsWith(OF_SERVER);
  const downs = [...samples].filter(isServer).flatMap(downtimes);
  const together = downs.filter((down) => downs.some((other) => other.server !== down.server && other.fromMs <= down.toMs && down.fromMs <= other.toMs));
  const isExplained = (what: string, { atMs, tookMs }: Sample): boolean =>
    what.startsWith(BY_SERVICE) && downs.some(({ fromMs, toMs }) => atMs + tookMs >= fromMs - TOGETHER_MS && atMs <= toMs + TOGETHER_MS);
  const failures = [...samples]
    .filter((each) => !isServer(each))
    .flatMap(([what, tries]) =>
      failed(tries)
        .filter((each) => !isExplained(what, each))
        .map(({ atMs, detail }) => `${what}, ${atMs} ms: ${detail}`),
    );
  return [...failures, ...together.map(({ server, fromMs, toMs }) => `${server} was down from ${fromMs} to ${toMs} ms, and another with it`)];
}

/**
 * Removes the first control plane while everything on the other machines is used, and for a minute afterwards: more than the 45 s after which client-go gives up a connection to a machine that
 * is gone. What is asked of the cluster in that minute fails the whole when it fails.
 */
export async function removeWatched(
  { first, witness, operator }: Pick<Story, 'first' | 'witness' | 'operator'>,
  remaining: Remaining,
  inThatMinute: () => Promise<void>,
): Promise<ReadonlyMap<string, readonly Sample[]>> {
  const attempts = everythingOf(remaining);
  const { samples } = await sampleDuring(() => removeControlPlane({ victim: first, witness, operator }), EVERY_MS, attempts);
  report(`while ${first.name} is removed`, samples);
  const [afterwards] = await Promise.all([sampleAll(AFTERWARDS_MS, EVERY_MS, attempts), inThatMinute()]);
  report(`${first.name} removed`, afterwards);
  return new Map([...samples].map(([what, tries]) => [what, joined(tries, afterwards.get(what) ?? [])]));
}

/** Samples of two runs as those of one. */
function joined(first: readonly Sample[], second: readonly Sample[]): readonly Sample[] {
  const endMs = Math.max(0, ...first.map(({ atMs, tookMs }) => atMs + tookMs));
  return [...first, ...second.map((each) => ({ ...each, atMs: endMs + each.atMs }))];
}

/**
 * What failed while a control plane went. A request to the API's service or to metrics may be bound to what is just ending there, until every kube-proxy has heard of it: seconds, and never
 * again. kubectl on the machines that stay and names in pods have somebody between who asks another.
 */
export function failuresOf(samples: ReadonlyMap<string, readonly Sample[]>): readonly string[] {
  return [...samples].flatMap(([what, tries]) => {
    const bad = failed(tries);
    const isBound = what.startsWith(BY_SERVICE) || what === METRICS;
    const untilMs = isBound && bad[0] !== undefined ? bad[0].atMs + TOGETHER_MS : 0;
    return bad.filter(({ atMs }) => atMs >= untilMs).map(({ atMs, detail }) => `${what}, ${atMs} ms: ${detail}`);
  });
}

/** Tries that all fail for a while, by what was tried; empty says that each of them was of no use all the time. */
export async function successesFor(forMs: number, attempts: Readonly<Record<string, Attempt>>): Promise<readonly string[]> {
  const samples = [...(await sampleAll(forMs, EVERY_MS, attempts))];
  return samples.flatMap(([what, tries]) => tries.filter(({ isGood }) => isGood).map(({ atMs }) => `${what}: ${atMs} ms`));
}

/** Each pod asks for a service's name. */
export function nameInPods({ machines, pods }: Remaining, name: string): Readonly<Record<string, Attempt>> {
  return Object.fromEntries(machines.map((machine: Machine) => [`${name}, ${machine.name}`, () => resolveFromPod(machine, pods.get(machine.name) ?? '', name)]));
}

function report(event: string, samples: ReadonlyMap<string, readonly Sample[]>): void {
  for (const [what, tries] of samples) console.log(`${event}; ${what}: ${inWords(tries)}`);
}
