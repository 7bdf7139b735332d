import { beforeAll, describe, expect, it } from 'vitest';
import { fileListing, listingChanges } from '../lab-support/file-listing.ts';
import { kubewright } from '../lab-support/kubewright.ts';
import type { Ended } from '../lab-support/kubewright.ts';
import { askEach } from '../lab-support/on-machine.ts';
import { processStarts } from '../lab-support/process-starts.ts';
import { scratchDirectory } from '../lab-support/scratch-directory.ts';
import { sharedCluster } from '../lab-support/shared-cluster.ts';
import type { SharedCluster } from '../lab-support/shared-cluster.ts';
import { untilPodsSettled } from '../lab-support/settled-pods.ts';
import { logSsh } from '../lab-support/ssh-log.ts';

const MOST_ROUND_TRIPS = 3;
/** Files of the least Debian: a listing with fewer has not seen the machine. */
const A_WHOLE_SYSTEM = 5000;

/** Bar 2: a second apply finds nothing to do, and does nothing. */
describe('apply again', () => {
  const log = logSsh(scratchDirectory());
  let cluster: SharedCluster;
  let ended: Ended;
  let listed: number;
  let files: readonly (readonly [machine: string, changes: readonly string[]])[];
  let starts: { readonly before: ReadonlyMap<string, readonly string[]>; readonly after: ReadonlyMap<string, readonly string[]> };

  beforeAll(async () => {
    cluster = sharedCluster();
    const { machines, clusterFile } = cluster;
    await untilPodsSettled(cluster);
    const before = { files: await askEach(machines, fileListing), starts: await askEach(machines, processStarts) };
    ended = await kubewright(['apply', '-f', clusterFile, '--yes', '-o', 'json'], { env: log.env });
    const after = await askEach(machines, fileListing);
    files = machines.map(({ name }) => [name, listingChanges(before.files.get(name)!, after.get(name)!)]);
    listed = Math.min(...machines.map(({ name }) => after.get(name)!.size));
    starts = { before: before.starts, after: await askEach(machines, processStarts) };
    console.log(`apply without change: ${ended.seconds.toFixed(1)} s; remote commands: ${JSON.stringify(log.roundTrips())}`);
  });

  it('runs no step and ends with 0', () => {
    expect(ended.exitCode, ended.stderr).toBe(0);
    const events = ended.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { readonly type: string });
    expect(events.map(({ type }) => type)).toEqual(['run.started', 'run.finished']);
    expect(events.at(-1)).toMatchObject({ result: 'succeeded', stepsRun: 0 });
  });

  it('has nothing to plan', async () => {
    const { exitCode, stdout } = await kubewright(['plan', '-f', cluster.clusterFile, '--exit-code', '-o', 'json']);
    expect({ exitCode, steps: (JSON.parse(stdout) as { readonly steps: readonly unknown[] }).steps }).toEqual({ exitCode: 0, steps: [] });
  });

  it('asks each machine at most 3 times', () => {
    const counts = log.roundTrips();
    for (const { name, address } of cluster.machines) {
      expect(counts[address], name).toBeGreaterThan(0);
      expect(counts[address], name).toBeLessThanOrEqual(MOST_ROUND_TRIPS);
    }
  });

  it('restarts no process', () => {
    expect(starts.after).toEqual(starts.before);
    for (const { name, role } of cluster.machines) {
      const expected = ['containerd', 'haproxy', 'kubelet', ...(role === 'control-plane' ? ['etcd', 'kube-apiserver'] : [])];
      expect(starts.after.get(name)!.map((line) => line.split(' ')[0])).toEqual(expect.arrayContaining(expected));
    }
  });

  it('writes no file on any machine', () => {
    expect(files).toEqual(cluster.machines.map(({ name }) => [name, []]));
    expect(listed).toBeGreaterThan(A_WHOLE_SYSTEM);
  });
});
