import ipaddr from 'ipaddr.js';

/** An IPv4 network, `10.244.0.0/16`: without host bits, as `parseRange` makes it. */
export interface IPv4Range {
  readonly network: string;
  readonly prefix: number;
  /** First and last address as numbers: both belong to the range. */
  readonly first: number;
  readonly last: number;
}

/** Prefix of the pod range that kube-controller-manager gives to each node (`--node-cidr-mask-size` for IPv4). */
export const NODE_POD_RANGE_PREFIX = 24;

const ADDRESS_BITS = 32;
const OCTET = 256;
// ipaddr.js takes a leading zero for octal and `10.1` for `10.0.0.1`: neither may pass.
const OCTETS = /^(0|[1-9]\d{0,2})(\.(0|[1-9]\d{0,2})){3}$/;
const PREFIX = /^(0|[1-9]\d?)$/;

/** True for four decimal octets without leading zeros. */
export function isIPv4Address(text: string): boolean {
  return OCTETS.test(text) && ipaddr.IPv4.isValidFourPartDecimal(text);
}

/** Undefined if the text is no `address/prefix` at all; host bits are dropped: compare with `formatRange` to refuse them. */
export function parseRange(text: string): IPv4Range | undefined {
  const [address = '', prefix = '', ...rest] = text.split('/');
  if (rest.length > 0 || !isIPv4Address(address) || !PREFIX.test(prefix) || Number(prefix) > ADDRESS_BITS) return undefined;
  const network = ipaddr.IPv4.networkAddressFromCIDR(text);
  const last = ipaddr.IPv4.broadcastAddressFromCIDR(text);
  return { network: network.toString(), prefix: Number(prefix), first: toNumber(network.octets), last: toNumber(last.octets) };
}

/** `10.244.0.0/16`. */
export function formatRange(range: IPv4Range): string {
  return `${range.network}/${range.prefix}`;
}

/** Number of addresses, network and broadcast included. */
export function sizeOfRange(range: IPv4Range): number {
  return range.last - range.first + 1;
}

export function rangesOverlap(a: IPv4Range, b: IPv4Range): boolean {
  return a.first <= b.last && b.first <= a.last;
}

/** False for text that is no IPv4 address. */
export function rangeContains(range: IPv4Range, address: string): boolean {
  if (!isIPv4Address(address)) return false;
  const number = addressNumber(address);
  return range.first <= number && number <= range.last;
}

/** How many nodes get a pod range of their own out of `range`. */
export function nodeCapacity(range: IPv4Range, nodePrefix: number = NODE_POD_RANGE_PREFIX): number {
  return range.prefix > nodePrefix ? 0 : 2 ** (nodePrefix - range.prefix);
}

/** Largest prefix (smallest range) that still has a pod range for each of `nodes`. */
export function prefixForNodes(nodes: number, nodePrefix: number = NODE_POD_RANGE_PREFIX): number {
  return nodePrefix - Math.ceil(Math.log2(Math.max(nodes, 1)));
}

function addressNumber(address: string): number {
  return toNumber(ipaddr.IPv4.parse(address).octets);
}

// Not by shifting: shifts are signed in JavaScript, and 224.0.0.0 would be negative.
function toNumber(octets: readonly number[]): number {
  return octets.reduce((sum, octet) => sum * OCTET + octet, 0);
}
