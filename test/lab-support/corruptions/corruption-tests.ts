import { expect, it } from 'vitest';
import { audited } from '../audit.ts';
import type { Audited } from '../audit.ts';
import { operatorOf, sharedCluster } from '../shared-cluster.ts';
import type { Corruption } from './corruption.ts';

/** One thing of the shared cluster is spoilt, audited, and put right again. */
async function auditSpoilt({ spoil }: Corruption): Promise<Audited> {
  const cluster = sharedCluster();
  const undo = await spoil({ machines: cluster.machines, operator: await operatorOf(cluster) });
  try {
    return await audited(['-f', cluster.clusterFile]);
  } finally {
    await undo();
  }
}

/** Tests that each of them is found by its name, and nothing else is reported. The cluster is healthy before and after. */
export function corruptionTests(chosen: readonly Corruption[]): void {
  it.each(chosen.map((corruption) => [corruption.wrong, corruption.code, corruption] as const))('%s: %s', async (...[, , corruption]) => {
    const { codes, report, exitCode } = await auditSpoilt(corruption);
    expect(codes, JSON.stringify(report.findings, undefined, 1)).toEqual([corruption.code]);
    expect(exitCode).toBe(report.findings.some(({ severity }) => severity === 'error') ? 7 : 0);
  });

  it('undone, the cluster is as healthy as before', async () => {
    expect((await audited(['-f', sharedCluster().clusterFile])).report).toMatchObject({ ok: true, findings: [], unknown: [] });
  });
}
