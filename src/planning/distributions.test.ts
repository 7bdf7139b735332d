import { describe, expect, it } from 'vitest';
import type { PackagesAction } from '../actions/kinds/packages.ts';
import { familyOf } from '../catalogue/distributions.ts';
import type { Snapshot } from '../facts/snapshot.ts';
import { writtenPlatform } from '../facts/testing/written-machines.ts';
import type { WrittenName } from '../facts/testing/written-machines.ts';
import { sha256 } from '../util/sha256.ts';
import { KUBELET_PATCH } from './files/patches.ts';
import { planDeploy } from './plan-deploy.ts';
import type { DeployPlan } from './step-types.ts';
import { clusterOf, plainEntry } from './testing/any-cluster.ts';
import { bareMachines, inputFor } from './testing/deploy-input.ts';
import { foldPlan, settle } from './testing/fold-plan.ts';
import { withHost } from './testing/living.ts';
import { nodeBytes, sharedBytes } from './testing/plan-bytes.ts';

const cluster = clusterOf(plainEntry);
const everyone = cluster.nodes.map(({ name }) => name);
const DROP_IN = '/etc/systemd/system/kubelet.service.d/10-kubeadm.conf';
const RESOLVED = '/run/systemd/resolve/resolv.conf';

/** Bare machines, these of that distribution. */
function machinesOf(systems: Readonly<Record<string, WrittenName>>): Snapshot {
  return Object.entries(systems).reduce(
    (snapshot, [name, system]) => withHost(snapshot, name, ({ platform }) => ({ platform: { ...platform, ...writtenPlatform(system) } })),
    bareMachines(cluster),
  );
}

const all = (system: WrittenName): Snapshot => machinesOf(Object.fromEntries(everyone.map((name) => [name, system])));

function packagesOn({ steps }: DeployPlan, node: string): readonly PackagesAction[] {
  return steps.flatMap(({ on, actions }) => ('lane' in on && on.lane === node ? actions.flatMap(({ action }) => (action.kind === 'packages' ? [action] : [])) : []));
}

const fileOn = (plan: DeployPlan, node: string, path: string): string => nodeBytes(plan, node).find((file) => file.path === path)?.text ?? 'not written';

describe.each<readonly [system: WrittenName, manager: 'apt' | 'dnf', environment: string, resolver: string]>([
  ['Ubuntu 24.04', 'apt', '/etc/default/kubelet', RESOLVED],
  ['Rocky Linux 9', 'dnf', '/etc/sysconfig/kubelet', '/etc/resolv.conf'],
  ['RHEL 9', 'dnf', '/etc/sysconfig/kubelet', '/etc/resolv.conf'],
])('a cluster of %s', (system, manager, environment, resolver) => {
  const before = all(system);
  const planned = planDeploy(inputFor(cluster, before));
  const { plan } = planned;

  it('is planned whole, with the packages that its distribution calls so', () => {
    expect({ refused: planned.refused, unsupported: planned.unsupported }).toEqual({ refused: [], unsupported: [] });
    const names = familyOf(writtenPlatform(system))?.hostPackages;
    for (const node of everyone) expect(packagesOn(plan, node)).toMatchObject([{ manager, names, keepOff: [{ package: 'haproxy', unit: 'haproxy.service' }] }]);
  });

  it('has its kubelets read what the distribution calls so, each the resolver of its machine, and no file that all share names the stub of one', () => {
    for (const node of everyone) {
      expect(fileOn(plan, node, DROP_IN)).toContain(`EnvironmentFile=-${environment}\n`);
      expect(fileOn(plan, node, KUBELET_PATCH)).toContain(`resolvConf: ${resolver}\n`);
    }
    expect(sharedBytes(plan)).toContain('resolvConf: /etc/resolv.conf\n');
    expect(sharedBytes(plan)).not.toContain(RESOLVED);
  });

  it('has nothing left to do afterwards', () => {
    const again = planDeploy(inputFor(cluster, settle(foldPlan(plan, before))));
    expect({ steps: again.plan.steps.map(({ id, why }) => `${id}: ${why}`), refused: again.refused, unsupported: again.unsupported }).toEqual({
      steps: [],
      refused: [],
      unsupported: [],
    });
  });
});

describe('a cluster of several distributions', () => {
  const { plan } = planDeploy(inputFor(cluster, machinesOf({ 'cp-2': 'Ubuntu 24.04', 'w-1': 'Rocky Linux 9' })));

  it('gives each machine its own names', () => {
    expect(everyone.map((node) => packagesOn(plan, node).map((action) => action.manager))).toEqual([['apt'], ['apt'], ['apt'], ['dnf']]);
    expect(everyone.map((node) => /^resolvConf: (.*)/m.exec(fileOn(plan, node, KUBELET_PATCH))?.[1])).toEqual([
      '/etc/resolv.conf',
      RESOLVED,
      '/etc/resolv.conf',
      '/etc/resolv.conf',
    ]);
  });

  it("takes packages from the bundle's archive on machines of its release alone", () => {
    const archive = { name: 'host-packages', fileName: 'host-packages.tar', version: '12', sha256: sha256('archive'), sizeBytes: 7, images: [] };
    const input = inputFor(cluster, machinesOf({ 'cp-2': 'Ubuntu 24.04', 'cp-3': 'Debian 13', 'w-1': 'Rocky Linux 9' }));
    const bundled = planDeploy({ ...input, artifacts: new Map([...input.artifacts, [archive.name, archive]]) });
    expect(everyone.map((node) => packagesOn(bundled.plan, node).map(({ from }) => from?.artifact))).toEqual([['host-packages'], [undefined], [undefined], [undefined]]);
  });
});

it('a machine whose packages nobody knows is not prepared, and its name is said', () => {
  const { refused, plan } = planDeploy(inputFor(cluster, machinesOf({ 'w-1': 'Alpine' })));
  expect(refused.find(({ id }) => id === 'w-1/prepare')?.why).toBe('how packages are called and installed on alpine is not known');
  expect(packagesOn(plan, 'w-1')).toEqual([]);
  expect(packagesOn(plan, 'cp-1')).toHaveLength(1);
});
