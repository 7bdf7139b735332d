import { describe, expect, it } from 'vitest';
import type { StatusJson } from '../contract/status.ts';
import { statusJson } from '../contract/status.ts';
import { runOnBench, undisturbed } from './testing/cli-bench.ts';
import { plannedWorld } from './testing/planned-cluster.ts';
import type { Verbs } from './verbs.ts';

const seen = statusJson({
  ...{ cluster: 'demo', time: '2026-06-01T00:00:00.000Z', kubernetes: 'v1.36.3', via: 'cp-1', nodes: [], etcd: [], lastRun: null, locks: [], working: [], unknown: [] },
  endpoint: { server: 'https://api.demo.kubewright.internal:7443', apiServers: ['cp-1'] },
});
const unseen: StatusJson = { ...seen, unknown: [{ node: 'cp-2', what: 'the machine', why: 'no route' }] };

function showing(look: () => StatusJson): Partial<Verbs> {
  return { ...plannedWorld().verbs, status: async () => ({ clusterStatus: async () => look() }) };
}

describe('status', () => {
  it.each([
    [0, seen],
    [4, unseen],
  ])('exits with %d', async (exitCode, status) => {
    const run = await runOnBench(['status', '-o', 'json'], { verbs: showing(() => status) });
    expect({ exitCode: run.exitCode, status: JSON.parse(run.stdout) as unknown }).toEqual({ exitCode, status });
    expect((await runOnBench(['status'], { verbs: showing(() => status) })).stdout).toContain('cluster demo at 2026-06-01');
  });

  /** Watches until it has looked three times, and somebody stops it. */
  async function watchThrice(words: readonly string[], isTerminal: boolean) {
    const stop = new AbortController();
    let looks = 0;
    const verbs = showing(() => {
      looks += 1;
      if (looks === 3) stop.abort();
      return seen;
    });
    return runOnBench(['status', '--watch', '--interval', '1', ...words], {
      verbs,
      isTerminal,
      env: { TERM: 'xterm' },
      interruption: { ...undisturbed, signal: stop.signal, exitCode: () => 130 },
    });
  }

  it.concurrent('looks again and again, and ends without a complaint', async () => {
    const { exitCode, stdout, stderr } = await watchThrice(['-o', 'json'], false);
    expect({ exitCode, stderr }).toEqual({ exitCode: 130, stderr: '' });
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual([seen, seen, seen]);
  });

  it.concurrent('shows each look in the place of the one before, on a terminal', async () => {
    const [terminal, file] = await Promise.all([watchThrice([], true), watchThrice([], false)]);
    expect(terminal.stdout.split('\u001B[H\u001B[2J')).toHaveLength(4);
    expect(file.stdout).not.toContain('\u001B');
  });

  it('ends well when nobody reads any more', async () => {
    const { exitCode, stdout } = await runOnBench(['status', '--watch'], { verbs: showing(() => seen), hasReader: () => false });
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '' });
  });

  it('is what an interval is for', async () => {
    const { exitCode, stderr } = await runOnBench(['status', '--interval', '3']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringContaining('--interval belongs to --watch') as string });
  });

  it('ends with the error of a look that fails', async () => {
    const verbs = showing(() => {
      throw new TypeError('x is not a function');
    });
    expect((await runOnBench(['status', '--watch'], { verbs })).exitCode).toBe(1);
  });

  it.each(['0', 'x', '1.5'])('takes no interval of %s', async (interval) => {
    expect(await runOnBench(['status', '--watch', '--interval', interval])).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('a whole number of seconds') as string });
  });
});
