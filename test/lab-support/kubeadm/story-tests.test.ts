import { expect, it } from 'vitest';
import type { Sample } from '../samples.ts';
import { failuresOf, unexplained } from './story-tests.ts';

const tries = (...bad: readonly number[]): readonly Sample[] =>
  Array.from({ length: 40 }, (_, index) => ({ atMs: index * 500, tookMs: 100, isGood: !bad.includes(index * 500), detail: 'refused' }));

const watched = (samples: Readonly<Record<string, readonly Sample[]>>) => ({ result: undefined, samples: new Map(Object.entries(samples)) });

it('excuses requests that were bound to the one API server that was down', () => {
  const samples = { 'the API server of cp-1': tries(), 'the API server of cp-2': tries(5000, 5500), 'the API by its service, w-1': tries(5000, 7000) };
  expect(unexplained(watched(samples))).toEqual([]);
});

it('excuses no other', () => {
  const samples = { 'the API server of cp-2': tries(5000, 5500), 'the API by its service, w-1': tries(12_000), 'a name in a pod, w-1': tries(5000) };
  expect(unexplained(watched(samples))).toEqual(['the API by its service, w-1, 12000 ms: refused', 'a name in a pod, w-1, 5000 ms: refused']);
});

it('excuses no two API servers that were down together', () => {
  const samples = { 'the API server of cp-1': tries(5500), 'the API server of cp-2': tries(5000, 5500), 'the API server of cp-3': tries(8000) };
  expect(unexplained(watched(samples))).toEqual([
    'the API server of cp-1 was down from 5500 to 5600 ms, and another with it',
    'the API server of cp-2 was down from 5000 to 5600 ms, and another with it',
  ]);
});

it('lets requests go that were bound to what ended, for seconds and once', () => {
  const bound = new Map([
    ['the API by its service, w-1', tries(5000, 5500, 7500)],
    ['kubectl top nodes', tries(1000)],
  ]);
  expect(failuresOf(bound)).toEqual([]);
  const others = new Map([
    ['the API by its service, w-1', tries(5000, 8000)],
    ['a name in a pod, w-1', tries(5000)],
    ['kubectl get nodes, cp-2', tries(7000)],
  ]);
  expect(failuresOf(others)).toEqual(['the API by its service, w-1, 8000 ms: refused', 'a name in a pod, w-1, 5000 ms: refused', 'kubectl get nodes, cp-2, 7000 ms: refused']);
});
