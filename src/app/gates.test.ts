import { describe, expect, it } from 'vitest';
import { AppError } from '../errors/app-error.ts';
import type { Host } from '../hosts/host.ts';
import { unknown } from '../plan/fact.ts';
import { laneId } from '../plan/plan.ts';
import { ClusterReader } from './cluster-reader.ts';
import { judgeGate } from './gates.ts';
import { readingHost } from './testing/reading-host.ts';

const { signal } = new AbortController();
const SERVERS = { 'cp-1': 'https://10.0.0.11:6443', 'cp-3': 'https://10.0.0.13:6443' } as const;

type Answer = 'ok' | 'no' | 'away';

function hostAnswering(name: keyof typeof SERVERS, answer: Answer, asked: string[]): Host {
  return readingHost(name, (script) => {
    asked.push(script);
    if (answer === 'away') throw new AppError('host-unreachable', `${name} did not answer in time`);
    return answer;
  });
}

function judge(answers: Readonly<Record<keyof typeof SERVERS, Answer>>) {
  const asked: string[] = [];
  const names = ['cp-1', 'cp-3'] as const;
  const fleet = new Map(names.map((name) => [laneId(name), hostAnswering(name, answers[name], asked)] as const));
  const reader = new ClusterReader(fleet, [...fleet.keys()], { hosts: {}, cluster: unknown('not looked at') });
  const others = names.map((node) => ({ node, server: SERVERS[node] }));
  return { asked, verdict: judgeGate({ gate: 'api-served-without', node: 'cp-2', others, deadlineMs: 1 }, { fleet, expected: undefined, reader }, signal) };
}

describe('an API server may stop', () => {
  it('while all others in reach are ready, each asked by its own address', async () => {
    const { verdict, asked } = judge({ 'cp-1': 'ok', 'cp-3': 'ok' });
    expect(await verdict).toEqual({ open: true });
    expect(asked.map((script) => /--server (https:\S+) 2>/.exec(script)?.[1])).toEqual(Object.values(SERVERS));
  });

  it('while one that is away serves nobody anyway', async () => expect(await judge({ 'cp-1': 'away', 'cp-3': 'ok' }).verdict).toEqual({ open: true }));

  it('not while one that is there is not ready: it is waited for', async () =>
    expect(await judge({ 'cp-1': 'no', 'cp-3': 'ok' }).verdict).toMatchObject({
      open: false,
      mayOpen: true,
      why: expect.stringContaining('cp-1 (https://10.0.0.11:6443) is not ready') as string,
    }));

  it('not while nobody else is in reach', async () =>
    expect(await judge({ 'cp-1': 'away', 'cp-3': 'away' }).verdict).toMatchObject({ open: false, why: expect.stringContaining('none of cp-1, cp-3 was reached') as string }));
});
