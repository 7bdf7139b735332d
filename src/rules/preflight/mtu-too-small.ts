import { hostOfNode } from '../../facts/observed.ts';
import { parseRange, rangeContains } from '../../model/ranges.ts';
import type { PreflightInput } from './preflight-input.ts';
import { complainOf } from '../rule.ts';
import { definePreflightRule, freshMachines } from './preflight-rule.ts';

export const mtuTooSmall = definePreflightRule({
  code: 'mtu-too-small',
  severity: 'error',
  title: 'large packets do not reach it',
  why: 'small answers come through and large ones vanish: joins, images and connections of pods hang in their midst',
  fix: 'give all interfaces of the network one MTU (ip link set dev NAME mtu N, and in its configuration), and switches and tunnels between at least that',
  judge: (input) => {
    if (freshMachines(input).length === 0) return [];
    return input.nodes.flatMap(({ name }) => complainOf([...smallerLink(input, name), ...lostPackets(input, name)], { node: name }));
  },
});

interface NodeLink {
  readonly name: string;
  readonly interface: string;
  readonly mtu: number;
  readonly network: string;
}

function linksOf({ nodes, snapshot }: PreflightInput): readonly NodeLink[] {
  return nodes.flatMap(({ name, address }) => {
    const host = hostOfNode(snapshot, name);
    if (host.state !== 'known') return [];
    const { addresses, ground } = host.value;
    const own = addresses.find((each) => each.address === address);
    const link = own === undefined ? undefined : ground?.links.find((each) => each.name === own.interface.replace(/@.*/, ''));
    return own === undefined || link === undefined ? [] : [{ name, interface: link.name, mtu: link.mtu, network: `${address}/${own.prefixLength}` }];
  });
}

/** On one network, nobody cuts packets into pieces or tells the sender. */
function smallerLink(input: PreflightInput, name: string): readonly string[] {
  const links = linksOf(input);
  const own = links.find((each) => each.name === name);
  const range = own === undefined ? undefined : parseRange(own.network);
  if (own === undefined || range === undefined) return [];
  const addressOf = new Map(input.nodes.map((node) => [node.name, node.address]));
  const larger = links.filter((other) => other.mtu > own.mtu && rangeContains(range, addressOf.get(other.name) ?? ''));
  const [first] = larger;
  return first === undefined ? [] : [`MTU of its ${own.interface} is ${own.mtu}, of ${first.interface} on ${larger.map((other) => other.name).join(', ')} ${first.mtu}`];
}

function lostPackets({ network = {} }: PreflightInput, name: string): readonly string[] {
  return Object.entries(network).flatMap(([from, facts]) => {
    if (facts.state !== 'known') return [];
    return facts.value.sizes
      .filter(({ to, arrived }) => to === name && !arrived)
      .map(({ sizeBytes }) => `a packet of ${sizeBytes} bytes from ${from} did not arrive, a small one did`);
  });
}
