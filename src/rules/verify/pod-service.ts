import { defineRule } from '../rule.ts';
import { judgeInside } from './inside-answers.ts';
import type { VerifyInput, VerifyRule } from './verify-input.ts';

/** A ClusterIP answers from a pod on every node. */
export const podService: VerifyRule = defineRule({
  code: 'pod-service',
  title: 'a ClusterIP does not answer from pods on the node',
  why: 'services are reached by their ClusterIP: pods on this node reach none of them, the API included',
  fix: 'look at kube-proxy of the node: kubectl -n kube-system get pods -l k8s-app=kube-proxy -o wide, and its log',
  judge: (input: VerifyInput) => judgeInside(input, ['service'], () => 'reaching the API by the ClusterIP of its service'),
});
