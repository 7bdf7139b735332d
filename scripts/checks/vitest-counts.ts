import { relative } from 'node:path';

/** What of vitest's JSON report counts here. */
interface VitestReport {
  readonly testResults: readonly { readonly name: string; readonly status: string; readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[] }[];
}

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  /** Why something counts as failed that no single test reports. */
  readonly why?: string;
  /** Each failed test, and each file that failed outside of its tests, as `FILE > TEST`. */
  readonly failures?: readonly string[];
}

/**
 * Counts the tests of a vitest run from its JSON report (`undefined`: it wrote none) and its exit code. A crashed run, a file that does
 * not load, a run without tests, and an exit code that no failed test explains each count as one failure.
 */
export function vitestCounts(report: string | undefined, exitCode: number): Counts {
  const parsed = parseReport(report);
  if (parsed === undefined) return { passed: 0, failed: 1, why: `vitest ended with exit code ${exitCode} and left no report` };
  const passed = parsed.testResults.reduce((sum, file) => sum + file.assertionResults.filter((test) => test.status === 'passed').length, 0);
  const failures = parsed.testResults.flatMap(({ name, status, assertionResults }) => {
    const file = relative('.', name);
    const failed = assertionResults.filter((test) => test.status === 'failed').map(({ fullName }) => `${file} > ${fullName}`);
    return failed.length === 0 && status === 'failed' ? [file] : failed;
  });
  if (failures.length > 0) return { passed, failed: failures.length, failures };
  if (exitCode !== 0) return { passed, failed: 1, why: `vitest ended with exit code ${exitCode} although no test failed` };
  if (passed === 0) return { passed, failed: 1, why: 'there is no test to run' };
  return { passed, failed: 0 };
}

function parseReport(report: string | undefined): VitestReport | undefined {
  if (report === undefined) return undefined;
  try {
    return JSON.parse(report) as VitestReport;
  } catch {
    return undefined;
  }
}
