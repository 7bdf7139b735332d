import type { ProxyFact, UpstreamFact } from '../../facts/inside/reach-facts.ts';
import type { Verdict } from '../rule.ts';
import { complainOf, defineRule, judgeSeen } from '../rule.ts';
import { controlPlanesOf } from './expected-cluster.ts';
import { reachOf } from './reach-of-hosts.ts';
import type { VerifyInput, VerifyRule } from './verify-input.ts';

/** Check of a server that HAProxy has not asked yet: what it calls `UP` then says nothing. */
const NOT_CHECKED = 'INI';
const WHAT = 'what its API proxy sees';

function judgeUpstream(node: string, controlPlane: string, upstreams: readonly UpstreamFact[]): readonly Verdict[] {
  const upstream = upstreams.find(({ name }) => name === controlPlane);
  if (upstream === undefined) return complainOf([`${controlPlane} is not among its upstreams`], { node });
  if (upstream.check === NOT_CHECKED) return [{ node, what: WHAT, why: `it has not checked ${controlPlane} yet` }];
  return upstream.status.startsWith('UP') ? [] : complainOf([`${controlPlane} is ${upstream.status} (${upstream.check})`], { node });
}

function judgeStale(node: string, controlPlanes: readonly string[], upstreams: readonly UpstreamFact[]): readonly Verdict[] {
  const stale = upstreams
    .filter(({ name }) => !controlPlanes.includes(name))
    .map(({ name, status }) => `${name} (${status}) is an upstream and no control plane of the cluster file`);
  return complainOf(stale, { node, severity: 'warning', title: 'the API proxy of the node has an upstream too many' });
}

function judgeProxy(node: string, proxy: ProxyFact, input: VerifyInput): readonly Verdict[] {
  if (!proxy.answers) return complainOf([`kubewright-api-proxy.service: ${proxy.why}`], { node, title: 'the API proxy of the node does not answer' });
  const names = controlPlanesOf(input.expected).map(({ name }) => name);
  return [...names.flatMap((name) => judgeUpstream(node, name, proxy.upstreams)), ...judgeStale(node, names, proxy.upstreams)];
}

/** The proxy of every node sees every control plane alive. */
export const proxyUpstreams: VerifyRule = defineRule({
  code: 'proxy-upstreams',
  title: 'the API proxy of the node does not see every control plane',
  why: 'the node reaches the API through those that its proxy sees: when they fail, the node loses the API though others live',
  fix: 'on the node: systemctl status kubewright-api-proxy, then compare /etc/kubewright/api-proxy.cfg with the cluster file; apply reconciles it',
  judge: (input: VerifyInput) =>
    input.expected.nodes.flatMap(({ name }) =>
      judgeSeen(reachOf(input, name), { node: name, what: 'what it reaches of the API' }, (reach) =>
        judgeSeen(reach.proxy, { node: name, what: WHAT }, (proxy) => judgeProxy(name, proxy, input)),
      ),
    ),
});
