import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { vitestCounts } from './vitest-counts.ts';

/** A report: for each file its status and those of its tests. */
function report(...files: readonly (readonly [status: string, ...tests: string[]])[]): string {
  return JSON.stringify({
    testResults: files.map(([status, ...tests], n) => ({
      name: resolve(`${n}.test.ts`),
      status,
      assertionResults: tests.map((test, k) => ({ fullName: `does ${k}`, status: test })),
    })),
  });
}

describe('vitestCounts', () => {
  it.each([
    ['tests that pass', report(['passed', 'passed', 'passed']), 0, { passed: 2, failed: 0 }],
    ['a failed test', report(['failed', 'passed', 'failed'], ['passed', 'passed']), 1, { passed: 2, failed: 1, failures: ['0.test.ts > does 1'] }],
    ['a file that does not load', report(['failed'], ['passed', 'passed']), 1, { passed: 1, failed: 1, failures: ['0.test.ts'] }],
    ['a file whose hook fails after its tests', report(['failed', 'passed']), 1, { passed: 1, failed: 1, failures: ['0.test.ts'] }],
    ['an error outside of tests', report(['passed', 'passed']), 1, { passed: 1, failed: 1, why: 'vitest ended with exit code 1 although no test failed' }],
    ['no test', report(), 0, { passed: 0, failed: 1, why: 'there is no test to run' }],
    ['skipped tests alone', report(['passed', 'skipped']), 0, { passed: 0, failed: 1, why: 'there is no test to run' }],
    ['a crash', undefined, 137, { passed: 0, failed: 1, why: 'vitest ended with exit code 137 and left no report' }],
    ['a crash while it wrote', '{"testResults": [', 1, { passed: 0, failed: 1, why: 'vitest ended with exit code 1 and left no report' }],
  ])('counts %s', (_what, text, exitCode, counts) => {
    expect(vitestCounts(text, exitCode)).toEqual(counts);
  });
});
