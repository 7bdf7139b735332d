import { describe, expect, it } from 'vitest';
import { findRelease } from '../catalogue/catalogue.ts';
import type { Release } from '../catalogue/release.ts';
import { AppError } from '../errors/app-error.ts';
import { encoded, recorded } from '../facts/testing/recorded-answers.ts';
import { laneId } from '../plan/plan.ts';
import type { LoadedCluster } from './cluster-file.ts';
import { planClusterReset } from './plan-reset.ts';
import type { PlannedReset } from './plan-reset.ts';
import { demoCluster } from './testing/demo-cluster.ts';
import { readingHost } from './testing/reading-host.ts';

const loaded: LoadedCluster = { path: 'cluster.yaml', cluster: demoCluster, release: findRelease('1.36.3') as Release, desired: 'd', warnings: [] };

const line = (path: string, what: string, was = '') => JSON.stringify({ path, what, sha256: what === 'file' ? 'd1' : '', existed: was !== '', backup: '', was, run: 'r' });
/** As a machine prints it: the ledger, then what is there. */
const LEDGER = [
  ...[line('/etc/kubernetes', 'tree'), line('/var/lib/etcd', 'tree', '0 755 root:root'), line('/etc/crictl.yaml', 'file'), line('kubelet.service', 'unit', 'disabled inactive')],
  ...['', '##', '/etc/kubernetes\t30 755 root:root|', '/var/lib/etcd\t0 755 root:root|', '/etc/crictl.yaml\tfile 644 root:root|d1', 'kubelet.service\tenabled active|'],
  ...['##containers 3', ''],
].join('\n');

/** A recorded machine, of which nothing but its ledger matters. */
const machine = (ledger: string): string =>
  encoded({ ...recorded('worker'), stat: '#complete\n', links: '', sha256: '', texts: '', units: '', etcddata: '', runs: '', lock: '', ledger });

const worlds: Readonly<Record<string, (name: string) => string>> = {
  deployed: () => machine(LEDGER),
  shared: () =>
    machine(
      LEDGER.replace('\n##\n', `\n${line('/run/containerd', 'tree')}\n##\n/run/containerd\t9 711 root:root|\n`).replace(
        '##containers 3',
        '##containers 3\n##others moby/a1 nerd/b2',
      ),
    ),
  bare: () => machine(''),
  off: (name) => {
    throw new AppError('host-unreachable', `${name} did not answer`, { hint: 'turn it on' });
  },
};

async function planOn(world: Readonly<Record<string, keyof typeof worlds>>, allowed: readonly { code: string; node?: string }[] = []): Promise<PlannedReset | AppError> {
  const fleet = new Map(demoCluster.nodes.map(({ name }) => [laneId(name), readingHost(name, () => worlds[world[name] ?? 'deployed']!(name))] as const));
  return planClusterReset(loaded, { fleet, signal: new AbortController().signal, onProgress: () => undefined, allowed }).catch((error: unknown) => {
    if (error instanceof AppError) return error;
    throw error;
  });
}

describe('a plan that takes a cluster from its machines', () => {
  it('has every machine that has a ledger', async () => {
    const planned = (await planOn({ 'cp-3': 'bare' })) as PlannedReset;
    expect(planned.plan.steps.map(({ id }) => id)).toEqual(['cp-1/reset', 'cp-2/reset', 'w-1/reset']);
    expect(planned.json.steps[0]!.actions.map(({ command }) => command).join('\n')).toContain('rm /etc/crictl.yaml');
    expect(Object.keys(planned.stays)).toEqual(['cp-1', 'cp-2', 'w-1']);
  });

  it('is refused while a machine is not reached, with the consent by its name', async () => {
    const refused = (await planOn({ 'w-1': 'off' })) as AppError;
    expect([refused.code, refused.message]).toEqual(['host-unreachable', '1 machine could not be seen: w-1; nothing was changed']);
    expect(refused.hint).toContain('--allow unreachable=w-1');
    const consented = (await planOn({ 'w-1': 'off' }, [{ code: 'unreachable', node: 'w-1' }])) as PlannedReset;
    expect(consented.plan.steps).toHaveLength(3);
    expect(consented.refused).toMatchObject([{ id: 'w-1/reset' }]);
  });

  it('is refused where containers of others would end, which are named, unless they are consented to by the machine', async () => {
    const refused = (await planOn({ 'w-1': 'shared' })) as AppError;
    expect([refused.code, refused.details]).toEqual([
      'refused',
      ['w-1: others have containers on the runtime that goes, and would lose them: moby/a1, nerd/b2 (--allow containers=w-1)'],
    ]);
    const consented = (await planOn({ 'w-1': 'shared' }, [{ code: 'containers', node: 'w-1' }])) as PlannedReset;
    expect(consented.json.steps.at(-1)!.actions[0]!.title).toContain('container moby/a1 of others, container nerd/b2 of others');
  });

  it.each([
    [{ code: 'swap-on', node: 'w-1' }, '--allow swap-on=w-1 is nothing that a reset takes'],
    [{ code: 'unreachable' }, '--allow unreachable is nothing that a reset takes'],
    [{ code: 'unreachable', node: 'nobody' }, '--allow unreachable=nobody names no node of the cluster file'],
    [{ code: 'left-behind', node: 'w-1' }, '--allow left-behind=w-1 names a node that the file has: it is reset with the others'],
    [{ code: 'reset', node: 'other' }, '--allow reset=other names another cluster than the file, which is of demo'],
  ])('takes no consent but its own, and asks no machine before it says so: %j', async (consent, message) => {
    const asked: string[] = [];
    const nobody = new Map(demoCluster.nodes.map(({ name }) => [laneId(name), readingHost(name, () => String(asked.push(name)))] as const));
    const planning = planClusterReset(loaded, { fleet: nobody, signal: new AbortController().signal, onProgress: () => undefined, allowed: [consent] });
    await expect(planning).rejects.toMatchObject({ code: 'usage', message });
    expect(asked).toEqual([]);
  });
});
