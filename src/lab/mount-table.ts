import { readFile } from 'node:fs/promises';
import { compareStrings } from '../util/canonical-json.ts';

/** One line of `/proc/self/mountinfo`. */
export interface Mount {
  readonly target: string;
  readonly type: string;
  /** Options of the filesystem itself: a cgroup v1 hierarchy's controllers are here. */
  readonly superOptions: readonly string[];
}

export async function readMounts(): Promise<readonly Mount[]> {
  return parseMounts(await readFile('/proc/self/mountinfo', 'utf8'));
}

/** Parses mountinfo (proc_pid_mountinfo(5)): fields up to ` - `, then type, source and options. */
export function parseMounts(mountinfo: string): readonly Mount[] {
  return mountinfo.split('\n').flatMap((line) => {
    const [own = '', rest] = line.split(' - ');
    const target = own.split(' ')[4];
    const [type, , options = ''] = rest?.split(' ') ?? [];
    return target === undefined || type === undefined ? [] : [{ target: unescapeOctal(target), type, superOptions: options.split(',') }];
  });
}

function unescapeOctal(path: string): string {
  return path.replace(/\\([0-7]{3})/g, (_all, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}

/** Mount points at or under a directory, the deepest first: the order to unmount them in. A target mounted twice is there twice. */
export function mountPointsUnder(mounts: readonly Mount[], directory: string): readonly string[] {
  const inside = mounts.map((mount) => mount.target).filter((target) => target === directory || target.startsWith(`${directory}/`));
  return inside.sort((a, b) => compareStrings(b, a));
}
