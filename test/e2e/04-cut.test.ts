import { describe } from 'vitest';
import { machineOfInit } from '../lab-support/node-of-init.ts';
import { outageTests } from '../lab-support/outage-tests.ts';
import { isControlPlane } from '../lab-support/shared-cluster.ts';

/** Half a minute in which nothing may fail; the soak watches for two minutes. */
const WATCHED_MS = 90_000;

// Bar 4, one case: the control plane on which init ran, which other tools need for ever. `make soak` cuts each in turn.
describe("the power of init's own control plane is cut", () => {
  outageTests({ choose: (machines) => machineOfInit(machines.filter(isControlPlane)), watchedMs: WATCHED_MS });
});
