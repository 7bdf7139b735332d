import { complainOf, defineRule, judgeSeen } from '../rule.ts';
import type { VerifyInput, VerifyRule } from './verify-input.ts';

/** Every node of the cluster is Ready; one that is missing is what `node-set` tells. */
export const nodeReady: VerifyRule = defineRule({
  code: 'node-not-ready',
  title: 'the node is not Ready',
  why: 'nothing new is placed there, and after five minutes what runs there is moved away',
  fix: 'read kubectl describe node NODE, then journalctl -u kubelet on the node',
  judge: ({ snapshot, expected }: VerifyInput) =>
    judgeSeen(snapshot.cluster, { what: 'nodes of the cluster' }, ({ nodes }) =>
      expected.nodes.flatMap(({ name }) => (nodes[name]?.isReady === false ? complainOf(['its condition Ready is not True'], { node: name }) : [])),
    ),
});
