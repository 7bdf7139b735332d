import { describe, expect, it } from 'vitest';
import { freezerOf, hierarchiesOf, isUnified } from './cgroup-hierarchies.ts';
import { parseMounts } from './mount-table.ts';

const V2 = '41 31 0:38 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate,memory_recursiveprot\n';
const HYBRID = `31 23 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw,mode=755
32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct
31 31 0:31 / /sys/fs/cgroup/cpuset rw - cgroup cgroup rw,cpuset,clone_children
40 31 0:37 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,xattr,release_agent=/lib/systemd/systemd-cgroups-agent,name=systemd
41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw
`;

describe('cgroup hierarchies', () => {
  it('finds the one of a v2 host', () => {
    const found = hierarchiesOf(parseMounts(V2));
    expect(found).toEqual([{ mountPoint: '/sys/fs/cgroup', version: 'v2', controllers: [] }]);
    expect(isUnified(found)).toBe(true);
  });

  it('finds all of a hybrid host, and what they hold', () => {
    const found = hierarchiesOf(parseMounts(HYBRID));
    expect(found.map(({ mountPoint, version, controllers }) => `${mountPoint} ${version} ${controllers.join('+')}`)).toEqual([
      '/sys/fs/cgroup/cpu,cpuacct v1 cpu+cpuacct',
      '/sys/fs/cgroup/cpuset v1 cpuset',
      '/sys/fs/cgroup/systemd v1 name=systemd',
      '/sys/fs/cgroup/unified v2 ',
    ]);
    expect(isUnified(found)).toBe(false);
  });

  it('counts a hierarchy that is mounted twice once', () => {
    expect(hierarchiesOf(parseMounts(`${V2}${V2.replace('/sys/fs/cgroup', '/other')}`))).toHaveLength(1);
  });

  it('finds none without cgroups', () => {
    expect(hierarchiesOf([])).toEqual([]);
    expect(isUnified([])).toBe(false);
  });
});

describe('freezerOf', () => {
  const v1 = { mountPoint: '/sys/fs/cgroup/freezer', version: 'v1', controllers: ['freezer'] } as const;
  const v2 = { mountPoint: '/sys/fs/cgroup', version: 'v2', controllers: [] } as const;

  it('takes the one of v1 where there is one, and reads its state', () => {
    const freezer = freezerOf([v2, v1], 'lab-a');
    expect(freezer).toMatchObject({ switch: '/sys/fs/cgroup/freezer/lab-a/freezer.state', on: 'FROZEN', off: 'THAWED' });
    expect(['FROZEN\n', 'FREEZING\n', 'THAWED\n', ''].map((state) => freezer?.isFrozen(state))).toEqual([true, false, false, false]);
  });

  it('takes that of v2 else', () => {
    const freezer = freezerOf([v2], 'lab-a');
    expect(freezer).toMatchObject({ switch: '/sys/fs/cgroup/lab-a/cgroup.freeze', on: '1', off: '0', state: '/sys/fs/cgroup/lab-a/cgroup.events' });
    expect(['populated 1\nfrozen 1\n', 'populated 1\nfrozen 0\n'].map((state) => freezer?.isFrozen(state))).toEqual([true, false]);
  });

  it('has none where nothing is mounted', () => expect(freezerOf([], 'lab-a')).toBeUndefined());
});
