export interface Spent {
  /** By the clock. */
  readonly wallMs: number;
  /** Of this process alone: what a machine that has nothing else to do would show by the clock. */
  readonly cpuMs: number;
}

const MICROSECONDS = 1000;

/** Medians of some runs, in whole milliseconds. */
export async function medianOf(runs: number, work: () => Promise<unknown>): Promise<Spent> {
  const wall: number[] = [];
  const cpu: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    const start = performance.now();
    const before = process.cpuUsage();
    await work();
    const { user, system } = process.cpuUsage(before);
    wall.push(performance.now() - start);
    cpu.push((user + system) / MICROSECONDS);
  }
  return { wallMs: middle(wall), cpuMs: middle(cpu) };
}

function middle(figures: readonly number[]): number {
  return Math.round(figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)] ?? 0);
}
