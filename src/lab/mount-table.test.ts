import { describe, expect, it } from 'vitest';
import { mountPointsUnder, parseMounts } from './mount-table.ts';

const MOUNTINFO = String.raw`27 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard
32 31 0:29 / /sys/fs/cgroup/cpu rw,relatime shared:9 - cgroup cgroup rw,cpu
60 27 0:43 / /labs/demo/machines/cp-1/root rw,relatime - overlay overlay rw,lowerdir=/l,upperdir=/u
61 60 0:44 / /labs/demo/machines/cp-1/root/run rw - tmpfs tmpfs rw
62 27 0:45 / /labs/demo-2/machines/cp-1/root rw - overlay overlay rw
63 27 0:46 / /mnt/with\040blank rw - tmpfs tmpfs rw
`;

describe('parseMounts', () => {
  const mounts = parseMounts(MOUNTINFO);

  it('reads target, type and options, with and without optional fields', () => {
    expect(mounts).toHaveLength(6);
    expect(mounts[1]).toEqual({ target: '/sys/fs/cgroup/cpu', type: 'cgroup', superOptions: ['rw', 'cpu'] });
  });

  it('undoes the octal escapes', () => expect(mounts.at(-1)?.target).toBe('/mnt/with blank'));

  it('gives mounts under a directory, the deepest first, and no other lab', () => {
    expect(mountPointsUnder(mounts, '/labs/demo')).toEqual(['/labs/demo/machines/cp-1/root/run', '/labs/demo/machines/cp-1/root']);
  });

  it('counts a mount on the directory itself', () => expect(mountPointsUnder(mounts, '/labs/demo-2/machines/cp-1/root')).toHaveLength(1));
});
