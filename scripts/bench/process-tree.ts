import { readFile, readdir } from 'node:fs/promises';
import { pollUntil } from '../../src/util/poll.ts';

const PAGE_KIB = 4;
const LOOK_EVERY_MS = 200;
const WATCHED_AT_MOST_MS = 1_800_000;
const KIB_PER_MB = 1_000_000 / 1024;

/** The most memory, in MB, that a process and all that it has started held together until it ended; pages that they share are counted for each. */
export async function watchMemory(root: number, isOver: () => boolean): Promise<number> {
  let mostKib = 0;
  const look = async (): Promise<true | undefined> => {
    mostKib = Math.max(mostKib, await residentKib(root));
    return isOver() ? true : undefined;
  };
  await pollUntil(look, { what: 'the process to end', deadlineMs: WATCHED_AT_MOST_MS, everyMs: LOOK_EVERY_MS });
  return Math.round(mostKib / KIB_PER_MB);
}

async function residentKib(root: number): Promise<number> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const processes = (await Promise.all(pids.map(readStat))).filter((each) => each !== undefined);
  const tree = new Set([root]);
  // A child has a higher pid than its parent only until pids begin anew: looked at until nothing is added.
  for (let size = 0; size !== tree.size;) {
    size = tree.size;
    for (const { pid, parent } of processes) if (tree.has(parent)) tree.add(pid);
  }
  return processes.reduce((sum, { pid, kib }) => (tree.has(pid) ? sum + kib : sum), 0);
}

async function readStat(name: string): Promise<{ readonly pid: number; readonly parent: number; readonly kib: number } | undefined> {
  try {
    const stat = await readFile(`/proc/${name}/stat`, 'utf8');
    // The name of the program, in parentheses, may hold anything.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { pid: Number(name), parent: Number(fields[1]), kib: Number(fields[21]) * PAGE_KIB };
  } catch {
    // It has ended meanwhile.
    return undefined;
  }
}
