import { describe, expect, it } from 'vitest';
import type { AppError } from '../errors/app-error.ts';
import type { Snapshot } from '../facts/snapshot.ts';
import { unknown } from '../plan/fact.ts';
import { laneId } from '../plan/plan.ts';
import { clusterOf, plainEntry } from '../planning/testing/any-cluster.ts';
import { livingSnapshot } from '../planning/testing/living.ts';
import type { LoadedCluster } from './cluster-file.ts';
import { refuseWhatCannotBe } from './refuse-plan.ts';

const roles = { 'cp-1': 'control-plane', 'cp-2': 'control-plane', 'cp-3': 'control-plane', 'w-1': 'worker' } as const;
const nodes = Object.entries(roles).map(([name, role], index) => ({ name, address: `10.0.0.${11 + index}`, role, labels: {}, taints: [] }));
const cluster = clusterOf({ ...plainEntry, nodes });
const loaded = { cluster, path: 'cluster.yaml' } as unknown as LoadedCluster;

function without(snapshot: Snapshot, ...names: readonly string[]): Snapshot {
  const away = names.map((name) => [laneId(name), { state: 'unreachable', why: `${name} did not answer in time`, advice: `next: look at ${name}` }] as const);
  return { ...snapshot, hosts: { ...snapshot.hosts, ...Object.fromEntries(away) } };
}

function refusalOf(snapshot: Snapshot, obscured?: string): AppError | undefined {
  try {
    refuseWhatCannotBe(loaded, snapshot, { unsupported: [], obscured });
    return undefined;
  } catch (error) {
    return error as AppError;
  }
}

const living = livingSnapshot(cluster);
const dark: Snapshot = { ...living, cluster: unknown('no control plane answered') };

describe('a plan', () => {
  it('is refused for the cluster that cannot be seen, before anybody is taken for a stranger to it', () =>
    expect(refusalOf(without(dark, 'cp-1', 'cp-2'), 'cp-1 could not be seen, and it may hold a cluster')).toMatchObject({
      code: 'cluster-unreachable',
      message: 'cp-1 could not be seen, and it may hold a cluster; nothing was changed',
      hint: 'do what stands below each machine, then run the command again',
      details: ['no control plane answered', 'cp-1 did not answer in time', '  next: look at cp-1', 'cp-2 did not answer in time', '  next: look at cp-2'],
    }));

  it('says how to go on where every machine was seen', () =>
    expect(refusalOf(dark, 'cp-1 holds a control plane and no API server answers')).toMatchObject({
      details: ['no control plane answered'],
      hint: expect.stringContaining('bring one control plane back') as string,
    }));

  it('does not claim to know who is a member while the cluster is not known', () =>
    expect(refusalOf(without(dark, 'w-1'))).toMatchObject({
      code: 'host-unreachable',
      message: 'a machine was not reached, and whether it is a member is not known; nothing was changed',
    }));

  it('goes on without a member, and is refused for a machine that is none', () => {
    expect(refusalOf(without(living, 'w-1'))).toBeUndefined();
    const { cluster: seen } = living;
    const { 'w-1': _other, ...rest } = seen.state === 'known' ? seen.value.nodes : {};
    const joining: Snapshot = seen.state === 'known' ? { ...living, cluster: { ...seen, value: { ...seen.value, nodes: rest } } } : living;
    expect(refusalOf(without(joining, 'w-1'))).toMatchObject({ code: 'host-unreachable', message: 'a machine that is not yet a member was not reached; nothing was changed' });
  });
});
