import { observeFleet } from '../app/observe-fleet.ts';
import { TOKEN_DESCRIPTION } from '../actions/kinds/tokens.ts';
import { BOOTSTRAP_KUBELET_CONF, SUPER_ADMIN_CONF, manifestPath } from '../facts/kubernetes-paths.ts';
import type { Snapshot } from '../facts/snapshot.ts';
import { unknown } from '../plan/fact.ts';
import type { Cluster } from '../model/cluster.ts';
import { roles } from '../model/cluster.ts';
import { apiEndpoints } from '../rules/verify/api-endpoints.ts';
import { etcdHealth } from '../rules/verify/etcd-health.ts';
import { expectedOf } from '../rules/verify/expected-cluster.ts';
import type { ExpectedCluster, ExpectedNode } from '../rules/verify/expected-cluster.ts';
import { nodeReady } from '../rules/verify/node-ready.ts';
import { nodeSet } from '../rules/verify/node-set.ts';
import { sharedConfig } from '../rules/verify/shared-config.ts';
import { identityRules, verifyProbes } from '../rules/verify/verify-rules.ts';
import { INIT_MARK, JOIN_MARK } from '../shell/remote-paths.ts';
import { SimOperator } from './sim-operator.ts';
import type { SimWorld } from './sim-world.ts';

/** Files that name other nodes by nature: the proxy's upstreams, and the members that etcd joins. */
const OF_ALL_MEMBERS: ReadonlySet<string> = new Set(['/etc/kubewright/api-proxy.cfg', manifestPath('etcd')]);

/** Everything about the world that is not as it must be once a deployment has come to its end, in words. */
export async function judgeWorld(world: SimWorld, cluster: Cluster): Promise<readonly string[]> {
  const expected = expectedOf(cluster);
  const { fleet } = new SimOperator(world);
  const snapshot = await world.clock.drive(
    observeFleet(
      fleet,
      roles.flatMap((role) => verifyProbes({ role })),
      { signal: new AbortController().signal },
    ),
  );
  return [...world.violations, ...judgeDeeds(world, expected), ...judgeRemains(world), ...judgeRules(expected, snapshot, cluster), ...judgeBytes(world, expected)];
}

/** What may be done once was done once at most: init in the whole, the join of each other node, its place among etcd's members. A join that died at its very end is none the less complete. */
function judgeDeeds({ deeds, cluster }: SimWorld, { nodes }: ExpectedCluster): readonly string[] {
  const count = (what: string, node?: string): number => deeds.filter((deed) => deed.what === what && (node === undefined || deed.node === node)).length;
  const [init] = deeds.flatMap(({ what, node }) => (what === 'init' ? [node] : []));
  return [
    ...(count('init') === 1 ? [] : [`init succeeded ${count('init')} times`]),
    ...nodes.flatMap(({ name, role }) => {
      const most = name === init ? 0 : 1;
      const members = role === 'control-plane' ? most : 0;
      return [
        ...(count('join', name) <= most ? [] : [`${name} joined ${count('join', name)} times`]),
        ...(count('member added', name) - count('member removed', name) === members
          ? []
          : [`members of ${name}: added ${count('member added', name)}, removed ${count('member removed', name)}`]),
      ];
    }),
    ...(cluster?.members.length === nodes.filter(({ role }) => role === 'control-plane').length ? [] : [`etcd has ${cluster?.members.length} members`]),
  ];
}

function judgeRemains({ machines, cluster }: SimWorld): readonly string[] {
  const left = [INIT_MARK, JOIN_MARK, SUPER_ADMIN_CONF, BOOTSTRAP_KUBELET_CONF];
  return [
    ...(cluster?.tokens ?? []).filter(({ description }) => description === TOKEN_DESCRIPTION).map(({ id }) => `token ${id} is not revoked`),
    ...[...machines.values()].flatMap((machine) => left.filter((path) => machine.has(path)).map((path) => `${path} is left on ${machine.name}`)),
  ];
}

/** The rules of `verify` that need neither pods nor a network: they read nothing that a planner made. */
function judgeRules(expected: ExpectedCluster, snapshot: Snapshot, { wide }: Cluster): readonly string[] {
  const input = { expected, snapshot, reach: {}, inside: unknown('there are no pods here'), now: new Date() };
  const rules = [...identityRules, sharedConfig, etcdHealth, nodeSet, apiEndpoints, ...(wide.network.plugin === 'none' ? [] : [nodeReady])];
  return rules.flatMap((rule) => {
    const { findings, unknown: unseen } = rule.check(input);
    return [
      ...findings.map(({ code, node, evidence }) => `${code} ${node ?? ''}: ${evidence.join('; ')}`),
      ...unseen.map(({ what, why, node }) => `${node ?? ''} ${what}: ${why}`),
    ];
  });
}

/** No node's name or address in what all share, nor in another's files. */
function judgeBytes({ machines, cluster }: SimWorld, { nodes }: ExpectedCluster): readonly string[] {
  const shared = Object.entries(cluster?.configMaps ?? {}).map(([name, data]) => [name, Object.values(data).join('\n')] as const);
  const carries = (text: string, { name, address }: ExpectedNode): boolean => holdsWord(text, name) || holdsWord(text, address);
  return [
    ...shared.flatMap(([map, text]) => nodes.filter((node) => carries(text, node)).map(({ name }) => `ConfigMap ${map} holds a value of ${name}`)),
    ...[...machines.values()].flatMap((machine) =>
      machine
        .paths('/')
        .filter((path) => !OF_ALL_MEMBERS.has(path))
        .flatMap((path) =>
          nodes.filter((node) => node.name !== machine.name && carries(machine.text(path), node)).map(({ name }) => `${path} on ${machine.name} holds a value of ${name}`),
        ),
    ),
  ];
}

function holdsWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (!/[\w.-]/.test(text.charAt(at - 1)) && !/[\w-]/.test(text.charAt(at + word.length))) return true;
  }
  return false;
}
