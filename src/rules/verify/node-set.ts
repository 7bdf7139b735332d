import type { NodeFact } from '../../facts/cluster-facts.ts';
import type { Verdict } from '../rule.ts';
import { complainOf, defineRule, judgeSeen } from '../rule.ts';
import type { ExpectedNode } from './expected-cluster.ts';
import type { VerifyInput, VerifyRule } from './verify-input.ts';

const roleOf = (node: NodeFact): ExpectedNode['role'] => (node.isControlPlane ? 'control-plane' : 'worker');

function judgeNodes(found: Readonly<Record<string, NodeFact>>, expected: readonly ExpectedNode[]): readonly Verdict[] {
  const names = new Set(expected.map(({ name }) => name));
  const missing = expected.flatMap(({ name, role }): readonly Verdict[] => {
    const node = found[name];
    if (node === undefined) return complainOf(['the cluster has no node of this name'], { node: name, title: 'a node of the cluster file is not in the cluster' });
    return roleOf(node) === role
      ? []
      : complainOf([`it is a ${roleOf(node)}, the cluster file says ${role}`], { node: name, title: 'a node has another role than in the cluster file' });
  });
  const extra = Object.keys(found)
    .filter((name) => !names.has(name))
    .sort();
  return [
    ...missing,
    ...extra.flatMap((name) => complainOf(['the cluster file has no node of this name'], { node: name, title: 'a node of the cluster is not in the cluster file' })),
  ];
}

/** The nodes of the cluster are those of the cluster file, each in its role. */
export const nodeSet: VerifyRule = defineRule({
  code: 'node-set',
  title: 'the cluster does not consist of the nodes in the cluster file',
  why: 'what the file says and what runs differ: capacity, quorum and the list of upstreams are not what people think they are',
  fix: 'run plan to see what apply would do, and mend the cluster file if it is the one that is wrong',
  judge: ({ snapshot, expected }: VerifyInput) => judgeSeen(snapshot.cluster, { what: 'nodes of the cluster' }, ({ nodes }) => judgeNodes(nodes, expected.nodes)),
});
