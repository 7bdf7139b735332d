import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatRange, isIPv4Address, nodeCapacity, parseRange, prefixForNodes, rangeContains, rangesOverlap, sizeOfRange } from './ranges.ts';

const octet = fc.integer({ min: 0, max: 255 });
const address = fc.tuple(octet, octet, octet, octet).map((octets) => octets.join('.'));
const range = fc.tuple(address, fc.integer({ min: 0, max: 32 })).map(([network, prefix]) => `${network}/${prefix}`);
const parsed = (text: string) => {
  const found = parseRange(text);
  if (found === undefined) throw new Error(`${text} is no range`);
  return found;
};

describe('an IPv4 address', () => {
  it.each(['10.1', '010.0.0.1', '0x0a.0.0.1', '10.0.0.256', '10.0.0.1 ', '167772161', '::1', '::ffff:10.0.0.1', '10.0.0', '1.2.3.4.5', ''])('is not %j', (text) => {
    expect(isIPv4Address(text)).toBe(false);
  });

  it('is any four octets', () => {
    fc.assert(
      fc.property(address, (text) => {
        expect(isIPv4Address(text)).toBe(true);
      }),
    );
  });
});

describe('a range', () => {
  it.each(['10.0.0.0', '10.0.0.0/33', '10.0.0.0/08', '10.0.0.0/-1', '10.0/16', '10.0.0.0/16/16', 'fd00::/64', '10.0.0.0/', '/16'])('is not %j', (text) => {
    expect(parseRange(text)).toBeUndefined();
  });

  it.each([
    ['10.244.1.7/16', '10.244.0.0/16', 65_536],
    ['0.0.0.0/0', '0.0.0.0/0', 4_294_967_296],
    ['224.0.0.1/32', '224.0.0.1/32', 1],
  ])('%s is %s with %i addresses', (text, network, size) => {
    expect([formatRange(parsed(text)), sizeOfRange(parsed(text))]).toEqual([network, size]);
  });

  it('holds the address that it was written with, and is the same written again', () => {
    fc.assert(
      fc.property(range, (text) => {
        const found = parsed(text);
        expect(rangeContains(found, text.split('/')[0] ?? '')).toBe(true);
        expect(parseRange(formatRange(found))).toEqual(found);
      }),
    );
  });

  it('overlaps another exactly if one holds the first address of the other', () => {
    fc.assert(
      fc.property(range, range, (a, b) => {
        const [one, other] = [parsed(a), parsed(b)];
        expect(rangesOverlap(one, other)).toBe(rangeContains(one, other.network) || rangeContains(other, one.network));
        expect(rangesOverlap(one, other)).toBe(rangesOverlap(other, one));
      }),
    );
  });

  it.each([
    ['10.244.0.0/16', 256],
    ['10.244.0.0/24', 1],
    ['10.244.0.0/25', 0],
  ])('%s has parts for %i nodes', (text, nodes) => {
    expect(nodeCapacity(parsed(text))).toBe(nodes);
  });

  it('of the prefix for n nodes is large enough and no larger than needed', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60_000 }), (nodes) => {
        const prefix = prefixForNodes(nodes);
        expect(nodeCapacity(parsed(`10.0.0.0/${prefix}`))).toBeGreaterThanOrEqual(nodes);
        expect(nodeCapacity(parsed(`10.0.0.0/${prefix + 1}`))).toBeLessThan(nodes);
      }),
    );
  });
});
