import { expect, it } from 'vitest';
import { buildQueue } from './build-queue.ts';

interface Gate {
  readonly opened: Promise<void>;
  readonly open: () => void;
}

function gate(): Gate {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

it('starts the lowest priority number first, whatever the order of adding', async () => {
  const enqueue = buildQueue(1);
  const order: number[] = [];
  await Promise.all([3, 1, 2].map((priority) => enqueue({ lane: `lane-${priority}`, priority, run: async () => void order.push(priority) })));
  expect(order).toEqual([1, 2, 3]);
});

it('never runs more than its limit, nor two of one lane', async () => {
  const enqueue = buildQueue(2);
  const running: string[] = [];
  let most = 0;
  const work = (lane: string, priority: number) =>
    enqueue({
      lane,
      priority,
      run: async () => {
        expect(running).not.toContain(lane);
        running.push(lane);
        most = Math.max(most, running.length);
        await new Promise((resolve) => setImmediate(resolve));
        running.splice(running.indexOf(lane), 1);
      },
    });
  await Promise.all(['a', 'a', 'b', 'c', 'a', 'b'].map(work));
  expect(most).toBe(2);
});

it('uses a free place for another lane while the first lane is busy', async () => {
  const enqueue = buildQueue(2);
  const held = gate();
  const first = enqueue({ lane: 'a', priority: 0, run: () => held.opened });
  const second = enqueue({ lane: 'a', priority: 1, run: async () => 'second' });
  expect(await enqueue({ lane: 'b', priority: 2, run: async () => 'other' })).toBe('other');
  held.open();
  await first;
  expect(await second).toBe('second');
});

it('goes on after a work that failed', async () => {
  const enqueue = buildQueue(1);
  const failed = enqueue({ lane: 'a', priority: 0, run: () => Promise.reject(new Error('boom')) });
  const next = enqueue({ lane: 'a', priority: 1, run: async () => 'next' });
  await expect(failed).rejects.toThrow('boom');
  expect(await next).toBe('next');
});
