import type { NetworkFacts, PortTry } from '../../facts/network/network-facts.ts';
import type { Verdict } from '../rule.ts';
import type { PreflightView } from './preflight-input.ts';
import { definePreflightRule } from './preflight-rule.ts';

const WORDS: Readonly<Record<Exclude<PortTry['outcome'], 'open' | 'deaf'>, string>> = {
  refused: 'was refused, though somebody listened',
  silent: 'was not answered',
  unreachable: 'found no way there',
};

export const portUnreachable = definePreflightRule({
  code: 'port-unreachable',
  severity: 'error',
  title: 'other nodes do not reach it on the ports that they will use',
  why: 'members of etcd, API servers, kubelets and the network of pods talk to one another there: joins and pods hang',
  fix: 'open these ports between the nodes, in the firewalls of the machines and of the network',
  judge: (view) => [...closed(view), ...unseen(view)],
});

/** Each with its dialler: what one of them was told of the ports. */
function tries({ network = {} }: PreflightView): readonly (PortTry & { readonly from: string })[] {
  return Object.entries(network).flatMap(([from, facts]) => (facts.state === 'known' ? facts.value.ports.map((each) => ({ ...each, from })) : []));
}

function closed(view: PreflightView): readonly Verdict[] {
  const failed = tries(view).filter(({ outcome }) => outcome !== 'open' && outcome !== 'deaf');
  return [...new Set(failed.map(({ to }) => to))].map((node) => ({ node, evidence: failed.filter(({ to }) => to === node).map(tryWords) }));
}

function tryWords({ from, protocol, port, outcome }: PortTry & { readonly from: string }): string {
  return `${from} to ${port}/${protocol} ${outcome === 'open' || outcome === 'deaf' ? outcome : WORDS[outcome]}`;
}

function unseen(view: PreflightView): readonly Verdict[] {
  const unable = Object.entries(view.network ?? {}).flatMap(([node, facts]) =>
    facts.state === 'known' ? [] : [{ node, what: 'which ports of the others it reaches', why: facts.why }],
  );
  const deaf = tries(view).filter(({ outcome }) => outcome === 'deaf');
  const nodes = [...new Set(deaf.map(({ to }) => to))];
  return [
    ...unable,
    ...nodes.map((node) => ({
      node,
      what: `whether others reach its ports ${portsWords(deaf.filter(({ to }) => to === node))}`,
      why: 'nothing of ours listened there, and nothing answered',
    })),
  ];
}

function portsWords(some: NetworkFacts['ports']): string {
  return [...new Set(some.map(({ port, protocol }) => `${port}/${protocol}`))].join(' ');
}
