import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressOf, checkSubnet, chooseSubnet, gatewayOf, MAX_CONTROL_PLANES, MAX_LAB_INDEX, MAX_WORKERS, overlapping, POD_CIDR, SERVICE_CIDR } from './lab-addresses.ts';
import { machineNames } from './lab-names.ts';

const index = fc.integer({ min: 0, max: MAX_LAB_INDEX });

describe('chooseSubnet', () => {
  it('takes the demo range of the index', () => {
    expect(chooseSubnet(3, [])).toBe('10.88.3.0/24');
  });

  it.each([
    [['10.88.0.0/16'], '10.89.3.0/24'],
    [['10.0.0.0/8'], '172.29.3.0/24'],
    [['10.88.3.7/32'], '10.89.3.0/24'],
    [['10.88.4.0/24'], '10.88.3.0/24'],
    [['0.0.0.0/0'], undefined],
  ])('goes round %j', (taken, expected) => expect(chooseSubnet(3, taken)).toBe(expected));

  it('gives two labs ranges that do not touch each other, the pods or the services', () => {
    fc.assert(
      fc.property(index, index, (a, b) => {
        const first = chooseSubnet(a, []) ?? '';
        const second = chooseSubnet(b, [first]) ?? '';
        expect(overlapping(second, [first, POD_CIDR, SERVICE_CIDR])).toBeUndefined();
      }),
    );
  });
});

describe('checkSubnet', () => {
  it('takes a free /24', () => expect(() => checkSubnet('10.88.200.0/24', ['192.168.0.0/16'])).not.toThrow());
  it.each(['10.88.200.0', '10.88.200.0/16', '10.88.200.1/24', '10.88/24', 'fd00::/24', 'x'])('refuses %s as no range', (subnet) =>
    expect(() => checkSubnet(subnet, [])).toThrow(/is no range for a lab/),
  );
  it.each([
    ['10.244.7.0/24', []],
    ['10.96.7.0/24', []],
    ['192.0.2.0/24', ['192.0.2.0/24']],
  ])('refuses %s, which is in use', (subnet, taken) => expect(() => checkSubnet(subnet, taken)).toThrow(/which is in use/));
});

describe('addresses', () => {
  it('gives the gateway .1, control planes from .11, workers from .21', () => {
    const addresses = machineNames(3, 2).map((machine) => addressOf('10.88.200.0/24', machine));
    expect(addresses).toEqual(['10.88.200.11', '10.88.200.12', '10.88.200.13', '10.88.200.21', '10.88.200.22']);
    expect(gatewayOf('10.88.200.0/24')).toBe('10.88.200.1');
  });

  it('gives no address twice in the biggest lab', () => {
    const addresses = machineNames(MAX_CONTROL_PLANES, MAX_WORKERS).map((machine) => addressOf('10.88.0.0/24', machine));
    expect(new Set([...addresses, gatewayOf('10.88.0.0/24')]).size).toBe(MAX_CONTROL_PLANES + MAX_WORKERS + 1);
  });
});
