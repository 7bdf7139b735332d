import type { ApplyContext, ApplyOutcome } from '../../app/apply-cluster.ts';
import type { LoadedCluster } from '../../app/cluster-file.ts';
import type { PlannedCluster } from '../../app/plan-cluster.ts';
import { planJson } from '../../contract/plan.ts';
import type { Verbs } from '../verbs.ts';

const step = (lane: string, title: string) => ({
  id: `${lane}/${title.replaceAll(' ', '-')}`,
  on: { lane },
  title,
  why: 'not yet',
  needs: [],
  effect: {},
  actions: [],
});

export const twoSteps = [step('cp-1', 'prepare the machine'), step('cp-1', 'create the cluster')];

export interface PlannedWorld {
  readonly steps?: typeof twoSteps;
  readonly refused?: readonly { readonly id: string; readonly why: string }[];
  readonly warnings?: readonly string[];
  readonly newLock?: PlannedCluster['newLock'];
  readonly carryOut?: (context: ApplyContext) => Promise<Partial<ApplyOutcome>>;
}

export interface WorldLog {
  /** Which verbs were called, in order. */
  readonly calls: string[];
  readonly verbs: Partial<Verbs>;
}

/** Verbs that plan these steps for a cluster of one machine, and carry them out as told. */
export function plannedWorld({ steps = twoSteps, refused = [], warnings = [], newLock, carryOut = async () => ({}) }: PlannedWorld = {}): WorldLog {
  const calls: string[] = [];
  const loaded = { cluster: { nodes: [{ name: 'cp-1', address: { openFor: () => '10.0.0.11' } }] }, warnings } as unknown as LoadedCluster;
  const json = planJson({ cluster: 'demo', desired: 'd', basis: [], steps, texts: {} });
  const verbs: Partial<Verbs> = {
    clusterFile: async () => ({ readClusterFile: async (path) => called(`read ${path ?? 'default'}`, loaded) }),
    openFleet: async () => ({ openFleet: () => called('open', { fleet: new Map(), [Symbol.asyncDispose]: async () => called('close', undefined) }) }),
    plan: async () => ({ planCluster: async () => called('plan', { loaded, json, refused, newLock } as unknown as PlannedCluster) }),
    apply: async () => ({ applyCluster: async (_planned, context) => ({ ...finished(steps.length), ...(await called('apply', carryOut(context))) }) }),
  };
  const called = <T>(what: string, value: T): T => {
    calls.push(what);
    return value;
  };
  return { calls, verbs };
}

function finished(stepsRun: number): ApplyOutcome {
  const traffic = [{ host: 'cp-1', roundTrips: 3, bytesSent: 1_234_000, bytesReceived: 5600 }];
  return { result: 'succeeded', stepsRun, failed: [], skipped: [], durationMs: 61_000, exitCode: 0, traffic, journal: stepsRun === 0 ? undefined : '/journals/1.jsonl' };
}
