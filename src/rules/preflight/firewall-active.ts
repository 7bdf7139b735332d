import { complainOf } from '../rule.ts';
import { defineMachineRule } from './preflight-rule.ts';
import type { PreflightView } from './preflight-input.ts';

const MOST_ADDRESSES = 8;

/** How a firewall's own program lets a range through, to the machine and forwarded. */
const OPENINGS: Readonly<Record<string, { readonly turnOff: string; readonly open: (ranges: readonly string[]) => string }>> = {
  'firewalld.service': {
    turnOff: 'systemctl disable --now firewalld',
    open: (ranges) => `firewall-cmd --permanent --zone=trusted ${ranges.map((range) => `--add-source=${range}`).join(' ')} && firewall-cmd --reload`,
  },
  'ufw.service': {
    turnOff: 'ufw disable',
    open: (ranges) => ranges.map((range) => `ufw allow from ${range} && ufw route allow from ${range}`).join(' && '),
  },
};

export const firewallActive = defineMachineRule({
  code: 'firewall-active',
  severity: 'warning',
  title: 'a firewall drops what it does not know',
  why: 'ports of the cluster, and the forwarded packets of pods, may be dropped, now or when its rules are loaded anew; what was tried between the nodes is told apart',
  fix: 'open the ports of the cluster and forwarding for the ranges of pods and services in it, then go on with consent; or turn it off',
  judgeMachine: ({ ground: { firewalls } }, view) => {
    const fixes = firewalls.flatMap((what) => fixOf(what, view));
    const evidence = firewalls.map((what) => `${what}${what.startsWith('chain') ? ' drops by default' : ' is active'}`);
    return complainOf(evidence, fixes.length === 0 ? {} : { fix: fixes.join('; ') });
  },
});

function fixOf(what: string, view: PreflightView): readonly string[] {
  const opening = Object.hasOwn(OPENINGS, what) ? OPENINGS[what] : undefined;
  return opening === undefined ? [] : [`turn it off (${opening.turnOff}), or let the cluster through and go on with consent (${opening.open(rangesOf(view))})`];
}

/** Nodes by their addresses, where these can be read at a glance; pods and services by their ranges. */
function rangesOf({ nodes, wide: { network } }: PreflightView): readonly string[] {
  return [...(nodes.length > MOST_ADDRESSES ? ['RANGE-OF-THE-NODES'] : nodes.map(({ address }) => address)), network.podCIDR, network.serviceCIDR];
}
