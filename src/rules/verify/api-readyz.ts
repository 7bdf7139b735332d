import type { Verdict } from '../rule.ts';
import { complainOf, defineRule, judgeSeen } from '../rule.ts';
import type { ExpectedNode } from './expected-cluster.ts';
import { controlPlanesOf } from './expected-cluster.ts';
import { hostsSeen } from './reach-of-hosts.ts';
import type { VerifyInput, VerifyRule } from './verify-input.ts';

/** What every host that could be asked got from this control plane: one complaint, however many hosts it refuses. */
function judgeApi(controlPlane: ExpectedNode, input: VerifyInput): readonly Verdict[] {
  const failures: string[] = [];
  const unseen = hostsSeen(input).flatMap(([asker, { apis }]) =>
    judgeSeen(apis[controlPlane.name] ?? { state: 'unknown', why: 'it was not asked' }, { node: asker, what: `/readyz of ${controlPlane.name}` }, ({ isReady, detail }) => {
      if (!isReady) failures.push(`asked from ${asker} at ${controlPlane.address}: ${detail}`);
      return [];
    }),
  );
  return [...complainOf(failures, { node: controlPlane.name }), ...unseen];
}

/** `/readyz` of every API server by its own address, with the cluster's CA and the endpoint's name verified, from every node. */
export const apiReadyz: VerifyRule = defineRule({
  code: 'api-not-ready',
  title: 'the API server of a control plane does not answer at its own address',
  why: 'the cluster lives on the other control planes: one less may fail before it stops, and nodes whose proxy sees it differently fail already',
  fix: 'look at the node: crictl ps -a --name kube-apiserver, its log in /var/log/pods, and whether port 6443 is open between the nodes',
  judge: (input: VerifyInput) => controlPlanesOf(input.expected).flatMap((controlPlane) => judgeApi(controlPlane, input)),
});
