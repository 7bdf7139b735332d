import { defineConfig } from 'vitest/config';
import type { TestSpecification } from 'vitest/node';
import { BaseSequencer } from 'vitest/node';
import { HookTimes } from './scripts/checks/hook-times.ts';

const MINUTE_MS = 60_000;
const LAB_TIMEOUT_MS = 20 * MINUTE_MS;

/** Files in the order of their names: tests on the lab share a cluster, and those that change it come last. */
class ByName extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.toSorted((a, b) => (a.moduleId < b.moduleId ? -1 : 1));
  }
}

/** Without a module graph for each file: loading them anew takes longer than the tests. What a test changes in its process it puts back. */
const oneModuleGraph = { isolate: false, maxWorkers: 2 };

/** Tests on lab machines share one lab: one file after the other, in one process. */
const onTheLab = {
  globalSetup: ['test/lab-support/deploy-shared-cluster.ts'],
  fileParallelism: false,
  maxWorkers: 1,
  isolate: false,
  testTimeout: LAB_TIMEOUT_MS,
  hookTimeout: LAB_TIMEOUT_MS,
  teardownTimeout: MINUTE_MS,
  sequence: { concurrent: false },
};

/** Where `make test` wants the results as JSON; a person who runs a file has no use for them. */
const report = process.env['KUBEWRIGHT_TEST_REPORT'];

export default defineConfig({
  test: {
    reporters: [...(report === undefined ? ['default'] : ['verbose', 'json']), new HookTimes()],
    ...(report !== undefined && { outputFile: { json: report } }),
    sequence: { sequencer: ByName },
    projects: [
      {
        test: {
          name: 'unit',
          // Properties run hundreds of cases: on a machine that is busy otherwise the default of 5 s tells nothing about them.
          testTimeout: MINUTE_MS / 2,
          ...oneModuleGraph,
          include: ['src/**/*.test.ts', 'scripts/**/*.test.ts', 'test/docs/**/*.test.ts', 'test/tooling/**/*.test.ts', 'test/types/**/*.test.ts', 'test/lab-support/**/*.test.ts'],
        },
      },
      { test: { name: 'protocol', include: ['test/protocol/**/*.test.ts'], ...oneModuleGraph, testTimeout: MINUTE_MS / 2, hookTimeout: MINUTE_MS / 2 } },
      { test: { name: 'artifacts', include: ['test/artifacts/**/*.test.ts'], testTimeout: 5 * MINUTE_MS, hookTimeout: LAB_TIMEOUT_MS } },
      { test: { name: 'e2e', include: ['test/e2e/**/*.test.ts'], ...onTheLab } },
      { test: { name: 'soak', include: ['test/soak/**/*.test.ts'], ...onTheLab, testTimeout: 60 * MINUTE_MS, hookTimeout: 60 * MINUTE_MS } },
    ],
  },
});
