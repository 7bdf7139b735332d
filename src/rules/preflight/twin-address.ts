import type { HostFacts } from '../../facts/host-facts.ts';
import type { PreflightView } from './preflight-input.ts';
import { definePreflightRule } from './preflight-rule.ts';
import { sharedByHosts } from './shared-by-hosts.ts';

export const twinAddress = definePreflightRule({
  code: 'twin-address',
  severity: 'error',
  title: 'two machines have one address',
  why: 'packets for one of them reach the other, whichever answers first',
  fix: 'give one of them another address',
  judge: (view) => sharedByHosts(view, 'an address', addressesOfNodes(view)),
});

/** Addresses of nodes that a machine has. */
function addressesOfNodes({ nodes }: PreflightView): (host: HostFacts) => readonly string[] {
  const wanted = new Set(nodes.map(({ address }) => address));
  return ({ addresses }) => addresses.map(({ address }) => address).filter((address) => wanted.has(address));
}
