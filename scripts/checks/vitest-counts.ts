/** What of vitest's JSON report counts here. */
interface VitestReport {
  readonly testResults: readonly { readonly status: string; readonly assertionResults: readonly { readonly status: string }[] }[];
}

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  /** Why something counts as failed that no single test reports. */
  readonly why?: string;
}

/**
 * Counts the tests of a vitest run from its JSON report (`undefined`: it wrote none) and its exit code. A crashed run, a file that does
 * not load, a run without tests, and an exit code that no failed test explains each count as one failure.
 */
export function vitestCounts(report: string | undefined, exitCode: number): Counts {
  const parsed = parseReport(report);
  if (parsed === undefined) return { passed: 0, failed: 1, why: `vitest ended with exit code ${exitCode} and left no report` };
  const count = (status: string): number => parsed.testResults.reduce((sum, file) => sum + file.assertionResults.filter((test) => test.status === status).length, 0);
  const passed = count('passed');
  const unloaded = parsed.testResults.filter((file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed')).length;
  const failed = count('failed') + unloaded;
  if (failed > 0) return { passed, failed };
  if (exitCode !== 0) return { passed, failed: 1, why: `vitest ended with exit code ${exitCode} although no test failed` };
  if (passed === 0) return { passed, failed: 1, why: 'there is no test to run' };
  return { passed, failed };
}

function parseReport(report: string | undefined): VitestReport | undefined {
  if (report === undefined) return undefined;
  try {
    return JSON.parse(report) as VitestReport;
  } catch {
    return undefined;
  }
}
