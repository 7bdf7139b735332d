import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { join } from 'node:path';
import { reportSchema } from '../../src/contract/report.ts';
import { listingChanges } from '../lab-support/file-listing.ts';
import { kubewright } from '../lab-support/kubewright.ts';
import { read } from '../lab-support/on-machine.ts';
import { scratchDirectory } from '../lab-support/scratch-directory.ts';
import { UNFIT_LAB, clearLab, raiseLab, writeClusterFile } from '../lab-support/test-lab.ts';
import type { Machine } from '../lab-support/test-lab.ts';
import { inflict, machineState } from '../lab-support/unfit-machines.ts';

/** One case of issue 6, bar 1; the whole of it is in the soak. */
describe('two machines, one of them not fit', () => {
  const directory = scratchDirectory();
  const clusterFile = join(directory, 'cluster.yaml');
  let machines: readonly Machine[] = [];

  beforeAll(async () => {
    await clearLab(UNFIT_LAB);
    machines = await raiseLab(UNFIT_LAB);
    await writeClusterFile(UNFIT_LAB.name, clusterFile);
    await inflict(
      machines.find(({ name }) => name === 'cp-1')!,
      'portTaken',
      'route',
    );
  });

  afterAll(() => clearLab(UNFIT_LAB));

  it('are refused with both faults, and are as they were', async () => {
    const before = await Promise.all(machines.map(machineState));
    const { exitCode, stdout } = await kubewright(['apply', '--yes', '-f', clusterFile, '-o', 'json']);
    const after = await Promise.all(machines.map(machineState));
    const { findings } = reportSchema.parse(JSON.parse(stdout));
    expect(findings.filter(({ severity }) => severity !== 'notice').map(({ code, node }) => [code, node])).toEqual([
      ['port-taken', 'cp-1'],
      ['range-over-route', 'cp-1'],
    ]);
    expect(exitCode).toBe(5);
    expect(machines.flatMap(({ name }, index) => listingChanges(before[index]!, after[index]!).map((change) => `${name}: ${change}`))).toEqual([]);
  });

  it('pass when they are mended', async () => {
    await read(
      machines.find(({ name }) => name === 'cp-1')!,
      'systemctl stop old-api.service; ip link del corp0',
    );
    const { exitCode, stdout } = await kubewright(['apply', '--check', '-f', clusterFile, '-o', 'json']);
    expect({ exitCode, ok: reportSchema.parse(JSON.parse(stdout)).ok }, stdout).toEqual({ exitCode: 0, ok: true });
  });
});
