import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reportSchema } from '../../src/contract/report.ts';
import type { FindingJson } from '../../src/contract/report.ts';
import { join } from 'node:path';
import { listingChanges } from '../lab-support/file-listing.ts';
import { kubewright, mustKubewright } from '../lab-support/kubewright.ts';
import { scratchDirectory } from '../lab-support/scratch-directory.ts';
import { UNFIT_LAB, clearLab, raiseLab, writeClusterFile } from '../lab-support/test-lab.ts';
import type { Machine } from '../lab-support/test-lab.ts';
import { cloneMachineId, forgetHostKey, inflict, letInUnprivileged, machineState, makeKey } from '../lab-support/unfit-machines.ts';

const LAB = { ...UNFIT_LAB, controlPlanes: 3, workers: 3 };

/** Code, the node or nodes that it tells of, and a part of what it shows. A clock that is off is on recorded facts: lab machines share one. */
const EXPECTED: readonly (readonly [code: string, node: string, evidence: string])[] = [
  ['machine-not-reached', 'w-1', 'w-1'],
  ['machine-not-reached', 'w-2', 'refused the login'],
  ['machine-not-reached', 'w-3', 'shows another host key than the one that is known'],
  ['remains', 'cp-1', '/etc/kubernetes/pki/ca.crt'],
  ['port-taken', 'cp-1', 'perl (old-api.service) listens on 0.0.0.0:6443/tcp, the port of kube-apiserver'],
  ['twin-machine-id', '', 'cp-1 and cp-2'],
  ['disk-full', 'cp-2', '/var/lib has'],
  ['not-writable', 'cp-2', '/etc is read-only'],
  ['root-rights-missing', 'cp-3', 'id -u says 65534'],
  ['range-over-route', 'cp-3', 'podCIDR 10.244.0.0/16 overlaps 10.244.7.0/24 by corp0'],
  ['mtu-too-small', 'cp-3', 'is 1200'],
];

/** Issue 6, bar 1: broken in twelve ways over six machines, told in one report; nothing is changed. */
describe('six machines that are not fit', () => {
  const directory = scratchDirectory();
  const clusterFile = join(directory, 'cluster.yaml');
  let machines: readonly Machine[] = [];
  const machine = (name: string): Machine => machines.find((each) => each.name === name)!;

  beforeAll(async () => {
    await clearLab(LAB);
    machines = await raiseLab(LAB);
    const key = await makeKey(directory);
    await letInUnprivileged(machine('cp-3'), key);
    await writeClusterFile(LAB.name, clusterFile, { 'cp-3': { ssh: { identityFile: key } }, 'w-2': { ssh: { identityFile: key } } });
    await forgetHostKey(clusterFile, machine('w-3'), { key, directory });
    await cloneMachineId(machine('cp-1'), machine('cp-2'));
    await inflict(machine('cp-1'), 'remains', 'portTaken');
    await inflict(machine('cp-2'), 'fullDisk', 'readOnlyEtc');
    await inflict(machine('cp-3'), 'route', 'smallMtu');
    await mustKubewright(['lab', 'stop', `${LAB.name}/w-1`]);
  });

  afterAll(() => clearLab(LAB));

  it('are refused by one report that names every fault with its cause and what to do, and are as they were', async () => {
    const seen = machines.filter(({ name }) => name !== 'w-1');
    const before = await Promise.all(seen.map(machineState));
    const { exitCode, stdout, seconds } = await kubewright(['apply', '--yes', '-f', clusterFile, '-o', 'json']);
    const after = await Promise.all(seen.map(machineState));
    const { findings } = reportSchema.parse(JSON.parse(stdout));
    console.log(`${findings.length} findings after ${seconds.toFixed(1)} s: ${findings.map(({ code, node = '' }) => `${code} ${node}`).join(', ')}`);
    const tells =
      ([code, node, evidence]: (typeof EXPECTED)[number]) =>
      (finding: FindingJson): boolean =>
        finding.code === code && (finding.node ?? '') === node && finding.evidence.join('\n').includes(evidence) && finding.fix !== '' && finding.why !== '';
    expect(
      EXPECTED.filter((expected) => !findings.some(tells(expected))),
      stdout,
    ).toEqual([]);
    expect(exitCode).toBe(5);
    expect(seen.flatMap(({ name }, index) => listingChanges(before[index]!, after[index]!).map((change) => `${name}: ${change}`))).toEqual([]);
  });
});
