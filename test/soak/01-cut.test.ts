import { afterAll, describe } from 'vitest';
import { keepFigures } from '../lab-support/figures.ts';
import type { OutageFigures } from '../lab-support/outage-tests.ts';
import { outageTests } from '../lab-support/outage-tests.ts';
import { SHARED_LAB } from '../lab-support/test-lab.ts';

const CONTROL_PLANES = Array.from({ length: SHARED_LAB.controlPlanes }, (_, index) => `cp-${index + 1}`);
const WATCHED_MS = 120_000;

/** Bar 4, whole: each control plane in turn. */
describe('each control plane loses its power', () => {
  const figures: OutageFigures[] = [];

  afterAll(() => keepFigures('power-cut', { outages: figures }));

  describe.each(CONTROL_PLANES)('%s', (name) => {
    outageTests({
      choose: async (machines) => machines.find((machine) => machine.name === name)!,
      watchedMs: WATCHED_MS,
      report: (measured) => figures.push(measured),
    });
  });
});
