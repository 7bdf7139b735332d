import { join } from 'node:path';
import type { Mount } from './mount-table.ts';
import { readMounts } from './mount-table.ts';

/** One mounted cgroup hierarchy. A cgroup v2 host has one, a v1 host one per controller, a hybrid both. */
export interface Hierarchy {
  readonly mountPoint: string;
  readonly version: 'v1' | 'v2';
  /** Of a v1 hierarchy, `name=systemd` included; empty for v2, whose controllers are read from the cgroup itself. */
  readonly controllers: readonly string[];
}

const V1_OPTIONS: ReadonlySet<string> = new Set(['rw', 'ro', 'xattr', 'noprefix', 'clone_children', 'cpuset_v2_mode', 'favordynmods']);

export async function readHierarchies(): Promise<readonly Hierarchy[]> {
  return hierarchiesOf(await readMounts());
}

/** Whether the host is of cgroup v2 alone. A hybrid host has a v2 hierarchy as well, but its controllers are in v1. */
export function isUnified(hierarchies: readonly Hierarchy[]): boolean {
  return hierarchies.length > 0 && hierarchies.every((hierarchy) => hierarchy.version === 'v2');
}

/** How the processes of a cgroup are held. */
export interface Freezer {
  readonly switch: string;
  readonly on: string;
  readonly off: string;
  /** A file that says how far it is, and how that is read. */
  readonly state: string;
  readonly isFrozen: (state: string) => boolean;
}

/** The freezer of a cgroup; on a hybrid host that of v1, whose controllers are all there. */
export function freezerOf(hierarchies: readonly Hierarchy[], name: string): Freezer | undefined {
  const v1 = hierarchies.find(({ controllers }) => controllers.includes('freezer'));
  const v1Directory = v1 && join(v1.mountPoint, name);
  if (v1Directory !== undefined) {
    const file = join(v1Directory, 'freezer.state');
    return { switch: file, on: 'FROZEN', off: 'THAWED', state: file, isFrozen: (state) => state.trim() === 'FROZEN' };
  }
  const v2 = hierarchies.find(({ version }) => version === 'v2');
  if (v2 === undefined) return undefined;
  const directory = join(v2.mountPoint, name);
  return { switch: join(directory, 'cgroup.freeze'), on: '1', off: '0', state: join(directory, 'cgroup.events'), isFrozen: (state) => /^frozen 1$/m.test(state) };
}

/** Hierarchies among mounts; one that is mounted at two places counts once. */
export function hierarchiesOf(mounts: readonly Mount[]): readonly Hierarchy[] {
  const byIdentity = new Map<string, Hierarchy>();
  for (const mount of mounts) {
    const hierarchy = hierarchyOf(mount);
    const identity = hierarchy && `${hierarchy.version} ${hierarchy.controllers.join(',')}`;
    if (hierarchy && identity !== undefined && !byIdentity.has(identity)) byIdentity.set(identity, hierarchy);
  }
  return [...byIdentity.values()];
}

function hierarchyOf(mount: Mount): Hierarchy | undefined {
  if (mount.type === 'cgroup2') return { mountPoint: mount.target, version: 'v2', controllers: [] };
  if (mount.type !== 'cgroup') return undefined;
  const controllers = mount.superOptions.filter((option) => !V1_OPTIONS.has(option) && !option.startsWith('release_agent='));
  return { mountPoint: mount.target, version: 'v1', controllers };
}
