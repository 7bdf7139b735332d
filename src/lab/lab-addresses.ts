import ipaddr from 'ipaddr.js';
import type { MachineName } from './lab-names.ts';
import { AppError } from '../errors/app-error.ts';

/** Pods' and services' ranges of the lab's cluster: a lab's own range must not touch them. */
export const POD_CIDR = '10.244.0.0/16';
export const SERVICE_CIDR = '10.96.0.0/16';

/** First three numbers of a lab's /24 come from one of these and the lab's index. */
const RANGE_BASES = ['10.88', '10.89', '172.29', '172.30'] as const;
const FIRST_HOST = { 'control-plane': 11, worker: 21 } as const;
/** Highest index: it is the third number of an address. */
export const MAX_LAB_INDEX = 254;
export const MAX_CONTROL_PLANES = 9;
export const MAX_WORKERS = 99;
const LAB_PREFIX_LENGTH = 24;

/** The first demo range for this index that touches none of `taken`, else undefined. */
export function chooseSubnet(index: number, taken: readonly string[]): string | undefined {
  return RANGE_BASES.map((base) => `${base}.${index}.0/24`).find((subnet) => overlapping(subnet, taken) === undefined);
}

/** Throws unless `subnet` is an IPv4 /24 with no host bits that touches none of `taken` and none of the cluster's ranges. */
export function checkSubnet(subnet: string, taken: readonly string[]): void {
  if (!isLabSubnet(subnet)) throw new AppError('usage', `${subnet} is no range for a lab`, { hint: 'give an IPv4 range of 24 bits, such as 10.88.200.0/24' });
  const other = overlapping(subnet, [POD_CIDR, SERVICE_CIDR, ...taken]);
  if (other !== undefined) throw new AppError('refused', `range ${subnet} touches ${other}, which is in use`, { hint: 'give another range, or leave it out' });
}

function isLabSubnet(subnet: string): boolean {
  const [address = '', bits] = subnet.split('/');
  return ipaddr.IPv4.isValidFourPartDecimal(address) && bits === String(LAB_PREFIX_LENGTH) && address.endsWith('.0');
}

/** The first of `ranges` that shares an address with `subnet`. */
export function overlapping(subnet: string, ranges: readonly string[]): string | undefined {
  return ranges.find((range) => overlap(subnet, range));
}

function overlap(one: string, two: string): boolean {
  const [a, aBits] = ipaddr.IPv4.parseCIDR(one);
  const [b, bBits] = ipaddr.IPv4.parseCIDR(two);
  return a.match(b, Math.min(aBits, bBits));
}

/** The bridge's address: the machines' gateway, which leads nowhere but to this host. */
export function gatewayOf(subnet: string): string {
  return hostOf(subnet, 1);
}

/** Control planes from .11, workers from .21. */
export function addressOf(subnet: string, machine: MachineName): string {
  return hostOf(subnet, FIRST_HOST[machine.role] + machine.number - 1);
}

function hostOf(subnet: string, host: number): string {
  return subnet.replace(/\.0\/24$/, `.${host}`);
}
