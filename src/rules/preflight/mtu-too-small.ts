import { hostOfNode } from '../../facts/observed.ts';
import { parseRange, rangeContains } from '../../model/ranges.ts';
import type { PreflightView } from './preflight-input.ts';
import { complainOf } from '../rule.ts';
import { definePreflightRule } from './preflight-rule.ts';

export const mtuTooSmall = definePreflightRule({
  code: 'mtu-too-small',
  severity: 'error',
  title: 'large packets do not reach it',
  why: 'small answers come through and large ones vanish: joins, images and connections of pods hang in their midst',
  fix: 'give all interfaces of the network one MTU (ip link set dev NAME mtu N, and in its configuration), and switches and tunnels between at least that',
  judge: (view) => {
    if (view.fresh.length === 0) return [];
    const links = linksOf(view);
    const lost = lostPackets(view);
    return view.nodes.flatMap(({ name }) => complainOf([...smallerLink(links, name), ...lost.filter(({ to }) => to === name).map(({ words }) => words)], { node: name }));
  },
});

interface NodeLink {
  readonly name: string;
  readonly address: string;
  readonly interface: string;
  readonly mtu: number;
  readonly network: string;
}

function linksOf({ nodes, snapshot }: PreflightView): readonly NodeLink[] {
  return nodes.flatMap(({ name, address }) => {
    const host = hostOfNode(snapshot, name);
    if (host.state !== 'known') return [];
    const { addresses, ground } = host.value;
    const own = addresses.find((each) => each.address === address);
    const link = own === undefined ? undefined : ground?.links.find((each) => each.name === own.interface.replace(/@.*/, ''));
    return own === undefined || link === undefined ? [] : [{ name, address, interface: link.name, mtu: link.mtu, network: `${address}/${own.prefixLength}` }];
  });
}

const SHOWN = 3;

/** On one network, nobody cuts packets into pieces or tells the sender. */
function smallerLink(links: readonly NodeLink[], name: string): readonly string[] {
  const own = links.find((each) => each.name === name);
  const range = own === undefined ? undefined : parseRange(own.network);
  if (own === undefined || range === undefined) return [];
  const larger = links.filter((other) => other.mtu > own.mtu && rangeContains(range, other.address));
  const names = larger.slice(0, SHOWN).map((other) => other.name);
  return larger.slice(0, 1).map((first) => `MTU of its ${own.interface} is ${own.mtu}, of ${first.interface} on ${names.join(', ')} ${first.mtu}`);
}

function lostPackets({ network = {} }: PreflightView): readonly { readonly to: string; readonly words: string }[] {
  return Object.entries(network).flatMap(([from, facts]) => {
    if (facts.state !== 'known') return [];
    return facts.value.sizes
      .filter(({ arrived }) => !arrived)
      .map(({ to, sizeBytes }) => ({ to, words: `a packet of ${sizeBytes} bytes from ${from} did not arrive, a small one did` }));
  });
}
