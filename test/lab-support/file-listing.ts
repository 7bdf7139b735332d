import { readLines } from './on-machine.ts';
import type { Machine } from './test-lab.ts';

/** What the running cluster and the machine's own services write all the time, each with who does; everything else must stay as it is. */
const WRITTEN_BY_OTHERS: Readonly<Record<string, string>> = {
  '/proc': 'the kernel',
  '/sys': 'the kernel',
  '/dev': 'the kernel and terminals',
  '/run': 'memory: what the bar leaves out',
  '/var/log': 'logs: what the bar leaves out',
  '/var/lib/etcd': 'etcd',
  '/var/lib/containerd': 'containerd: state of containers',
  '/var/lib/kubelet/pods': 'the kubelet: tokens and volumes of pods',
  '/var/lib/systemd/timers': 'systemd: when its timers last ran',
};

const PRUNED = Object.keys(WRITTEN_BY_OTHERS)
  .map((path) => `-path ${path}`)
  .join(' -o ');

/** Every file, directory and link of a machine with size, inode, mode, and the times of its last change; `%C@` changes with anything, a new name or mode too. */
export async function fileListing(machine: Machine): Promise<ReadonlyMap<string, string>> {
  const lines = await readLines(machine, `find / \\( ${PRUNED} \\) -prune -o -printf '%p\\t%y %s %i %m %T@ %C@\\n' 2>/dev/null; true`);
  return new Map(lines.map((line) => [line.slice(0, line.indexOf('\t')), line.slice(line.indexOf('\t') + 1)]));
}

/** What differs between two listings, a line each. */
export function listingChanges(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): readonly string[] {
  const gone = [...before.keys()].filter((path) => !after.has(path)).map((path) => `gone: ${path}`);
  const changed = [...after]
    .filter(([path, state]) => before.get(path) !== state)
    .map(([path, state]) => `${before.has(path) ? 'changed' : 'new'}: ${path}: ${before.get(path) ?? ''} -> ${state}`);
  return [...gone, ...changed];
}
