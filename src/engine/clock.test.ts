import { expect, it } from 'vitest';
import { systemClock } from './clock.ts';

it('resolves when its time has passed, and at once when the signal aborts', async () => {
  await systemClock.sleep(1, new AbortController().signal);
  const controller = new AbortController();
  const slept = systemClock.sleep(3_600_000, controller.signal);
  controller.abort();
  await slept;
  await systemClock.sleep(3_600_000, controller.signal);
  expect(systemClock.now()).toBeGreaterThan(0);
});
