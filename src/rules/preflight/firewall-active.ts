import { defineMachineRule } from './preflight-rule.ts';

export const firewallActive = defineMachineRule({
  code: 'firewall-active',
  severity: 'warning',
  title: 'a firewall drops what it does not know',
  why: 'ports of the cluster, and the forwarded packets of pods, may be dropped, now or when its rules are loaded anew; what was tried between the nodes is told apart',
  fix: 'open the ports of the cluster and forwarding for the ranges of pods and services in it, then go on with consent; or turn it off',
  judgeMachine: ({ ground: { firewalls } }) => firewalls.map((what) => `${what}${what.startsWith('chain') ? ' drops by default' : ' is active'}`),
});
