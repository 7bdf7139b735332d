import { expect, it } from 'vitest';
import type { ArtifactEvent } from './progress.ts';
import { reporter } from './progress.ts';

it('tells each phase at once, details of a phase once a second, and the time since the first event', () => {
  const events: ArtifactEvent[] = [];
  let now = 5000;
  const report = reporter(
    (event) => events.push(event),
    () => now,
  );
  const at = (ms: number, ...args: Parameters<typeof report>): void => {
    now = 5000 + ms;
    report(...args);
  };
  at(0, 'kubelet', 'waiting');
  at(5, 'kubelet', 'waiting', 'for another process');
  at(10, 'kubelet', 'downloading', 'a');
  at(20, 'kubelet', 'downloading', 'b');
  at(30, 'etcd', 'building', 'x');
  at(1010, 'kubelet', 'downloading', 'c');
  at(1020, 'kubelet', 'ready');
  expect(events).toEqual([
    { artifact: 'kubelet', phase: 'waiting', elapsedMs: 0 },
    { artifact: 'kubelet', phase: 'waiting', detail: 'for another process', elapsedMs: 5 },
    { artifact: 'kubelet', phase: 'downloading', detail: 'a', elapsedMs: 10 },
    { artifact: 'etcd', phase: 'building', detail: 'x', elapsedMs: 0 },
    { artifact: 'kubelet', phase: 'downloading', detail: 'c', elapsedMs: 1010 },
    { artifact: 'kubelet', phase: 'ready', elapsedMs: 1020 },
  ]);
});

it('needs nobody to listen', () => expect(() => reporter(undefined)('etcd', 'ready')).not.toThrow());
