import { describe, expect, it } from 'vitest';
import { unknown } from '../plan/fact.ts';
import type { Host } from '../hosts/host.ts';
import { laneId } from '../plan/plan.ts';
import { ClusterReader } from './cluster-reader.ts';

const CP_1 = laneId('cp-1');
const CP_2 = laneId('cp-2');
const never = new AbortController().signal;

/** A machine whose API server answers as told, once each; the last answer holds. */
function hostAnswering(...answers: readonly string[]): Host {
  let asked = 0;
  const read = async (): Promise<string> => {
    asked += 1;
    return answers[Math.min(asked, answers.length) - 1] ?? '';
  };
  return { read } as unknown as Host;
}

function readerOf(cp1: Host, cp2: Host): ClusterReader {
  return new ClusterReader(
    new Map([
      [CP_1, cp1],
      [CP_2, cp2],
    ]),
    [CP_1, CP_2],
    { hosts: {}, cluster: unknown('not looked at') },
  );
}

describe('pick', () => {
  it('takes a control plane that is idle before one that works', async () => {
    const reader = readerOf(hostAnswering('ok'), hostAnswering('ok'));
    expect(await reader.pick(never, new Set([CP_1]))).toBe(CP_2);
    expect(await reader.pick(never, new Set([CP_1, CP_2]))).toBe(CP_1);
  });

  it('passes over one whose API server is not ready', async () => expect(await readerOf(hostAnswering('no'), hostAnswering('ok')).pick(never, new Set())).toBe(CP_2));

  it('waits where for a moment none is ready', async () => expect(await readerOf(hostAnswering('no', 'ok'), hostAnswering('no')).pick(never, new Set())).toBe(CP_1));

  it('gives up when none has become ready in time', async () =>
    expect(readerOf(hostAnswering('no'), hostAnswering('no')).pick(never, new Set(), { deadlineMs: 1 })).rejects.toMatchObject({ code: 'cluster-unreachable', exitCode: 4 }));
});
