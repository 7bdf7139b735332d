import type { InsideAnswer } from '../../facts/inside/inside-facts.ts';
import { defineRule } from '../rule.ts';
import { judgeInside } from './inside-answers.ts';
import type { VerifyInput, VerifyRule } from './verify-input.ts';

function words({ question }: InsideAnswer): string {
  return question.ask === 'dns' ? `asking CoreDNS pod ${question.pod} on ${question.podNode}` : 'reaching the API by the name of its service';
}

/** A service's name resolves from a pod on every node, by the pod's own resolver and by each CoreDNS pod, those on other nodes too. */
export const podDns: VerifyRule = defineRule({
  code: 'pod-dns',
  title: 'names do not resolve from pods on the node',
  why: 'nearly everything that runs in a cluster finds its peers by name: pods on this node fail, always or for the part that a broken CoreDNS pod answers',
  fix: "kubectl -n kube-system get pods -l k8s-app=kube-dns -o wide, then the network plugin's and kube-proxy's pods on the nodes named",
  judge: (input: VerifyInput) => judgeInside(input, ['name', 'dns'], words),
});
