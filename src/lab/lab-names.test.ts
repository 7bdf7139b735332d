import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bridgeName, cgroupName, checkLabName, linkName, machineNames, machineOfCgroup, nspawnName } from './lab-names.ts';
import { MAX_CONTROL_PLANES, MAX_LAB_INDEX, MAX_WORKERS } from './lab-addresses.ts';

const INTERFACE_NAME_MAX = 15;
const labName = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}[a-z0-9]$/);
const machineName = fc.constantFrom(...machineNames(3, 3).map((machine) => machine.name));

describe('machine names', () => {
  it('counts control planes and workers from 1', () => {
    expect(machineNames(3, 1).map((machine) => `${machine.name} ${machine.role}`)).toEqual(['cp-1 control-plane', 'cp-2 control-plane', 'cp-3 control-plane', 'w-1 worker']);
  });

  it('keeps every interface name within what the kernel takes', () => {
    for (const { name } of machineNames(MAX_CONTROL_PLANES, MAX_WORKERS)) expect(linkName(MAX_LAB_INDEX, name).length).toBeLessThanOrEqual(INTERFACE_NAME_MAX);
    expect(bridgeName(MAX_LAB_INDEX).length).toBeLessThanOrEqual(INTERFACE_NAME_MAX);
  });

  it('names machines of labs with other indexes differently, from the prefix on', () => {
    expect(nspawnName(1, 'cp-1').startsWith(nspawnName(11, ''))).toBe(false);
    expect(nspawnName(11, 'cp-1').startsWith(nspawnName(1, ''))).toBe(false);
  });
});

describe('cgroup names', () => {
  it('never name machines of two labs alike', () => {
    fc.assert(
      fc.property(labName, machineName, labName, machineName, (labA, nameA, labB, nameB) => {
        const a = cgroupName({ lab: labA, name: nameA });
        const b = cgroupName({ lab: labB, name: nameB });
        expect(a === b).toBe(labA === labB && nameA === nameB);
      }),
    );
  });

  it('are recognised as those of their own lab only', () => {
    fc.assert(
      fc.property(labName, labName, machineName, (lab, other, name) => {
        const cgroup = cgroupName({ lab: other, name });
        expect(machineOfCgroup(lab, cgroup)).toBe(lab === other ? name : undefined);
      }),
    );
    // The cgroup of `demo-cp-1`'s worker is no machine of `demo`.
    expect(machineOfCgroup('demo', cgroupName({ lab: 'demo-cp-1', name: 'w-1' }))).toBeUndefined();
    expect(machineOfCgroup('demo', 'system.slice')).toBeUndefined();
  });
});

describe('lab names', () => {
  it.each(['demo', 'e2e', 'kubewright-e2e-2'])('takes %s', (name) => expect(() => checkLabName(name)).not.toThrow());
  it.each(['', 'a', 'Demo', '1lab', '-x', 'x-', 'a/b', '..', 'a b', 'x'.repeat(32)])('refuses %j', (name) => expect(() => checkLabName(name)).toThrow(/is no name for a lab/));
});
