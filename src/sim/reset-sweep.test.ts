import { describe, expect, it, vi } from 'vitest';
import { VirtualClock } from '../engine/virtual-clock.ts';
import { KUBERNETES_DIR } from '../facts/kubernetes-paths.ts';
import { CONTAINERD_UNIT } from '../planning/files/runtime.ts';
import { clusterOf, plainEntry } from '../planning/testing/any-cluster.ts';
import { sha256 } from '../util/sha256.ts';
import { changesBetween } from './contents.ts';
import { applyOn, loadedOf, resetOn } from './deployment.ts';
import { copyWorld } from './grow-world.ts';
import { judgeWorld } from './judge-world.ts';
import { cutWithin, mishaps, withMishap } from './mishaps.ts';
import { SimWorld } from './sim-world.ts';
import { contentsOfAll, goOnResetting } from './testing/go-on-resetting.ts';
import { pointsOf } from './testing/sweep-points.ts';

vi.setConfig({ testTimeout: 1_200_000 });
const SAMPLE = 2;
const cluster = clusterOf(plainEntry);
const loaded = loadedOf(cluster);
const CRICTL = '/etc/crictl.yaml';
const THEIRS = 'theirs\n';

/** Machines that others have used: files and links in the places of ours, empty directories, a runtime of their own on cp-3, a plugin of theirs on w-1. */
function usedWorld(): SimWorld {
  const world = new SimWorld(cluster, new VirtualClock());
  for (const machine of world.machines.values()) {
    machine.write(CRICTL, THEIRS, { mode: '640' });
    machine.put({ '/usr/local/bin/crictl': { type: 'link', target: '/opt/crictl/crictl', targetSizeBytes: 7 } });
    machine.makeDirectory(`${KUBERNETES_DIR}/manifests`);
  }
  const theirs = world.machine('cp-3');
  theirs.write(`/etc/systemd/system/${CONTAINERD_UNIT}`, THEIRS, { mode: '644' });
  theirs.enable(CONTAINERD_UNIT);
  theirs.start(CONTAINERD_UNIT);
  world.machine('w-1').write('/opt/cni/bin/theirs', THEIRS, { mode: '755' });
  return world;
}

const LATER = '10.0.0.9 later\n';

/** Others have gone on since: a name of theirs on cp-2, another file in the place of ours on w-1. */
function changeSince(world: SimWorld): void {
  const [named, changed] = [world.machine('cp-2'), world.machine('w-1')];
  named.write('/etc/hosts', `${named.text('/etc/hosts')}${LATER}`);
  changed.write(CRICTL, 'changed since\n', { mode: '644' });
}

describe('machines from which their cluster is taken', async () => {
  const used = usedWorld();
  const before = contentsOfAll(used);
  const hosts = used.machine('cp-2').text('/etc/hosts');
  const deployed = copyWorld(used, cluster);
  const { records: ofDeployment } = await applyOn(deployed, loaded);
  changeSince(deployed);
  const whole = copyWorld(deployed, cluster);
  const moments: number[] = [];
  whole.onMoment = (_machine, number) => moments.push(number);
  const { records, outcome } = await resetOn(whole, loaded);
  const wanted = contentsOfAll(whole);
  const pointsAmong = (all: readonly unknown[], turn: number): readonly number[] => {
    const numbers = all.map((_one, index) => index + 1);
    return pointsOf(numbers, numbers, { sample: SAMPLE, turn });
  };

  it('are as they were, but for what others have changed since', () => {
    expect(outcome).toMatchObject({ result: 'succeeded', exitCode: 0 });
    const changes = Object.entries(wanted).map(([name, lines]) => [name, changesBetween(before[name]!, lines)]);
    const original = sha256(THEIRS);
    expect(Object.fromEntries(changes)).toEqual({
      'cp-1': [],
      'cp-2': [`gone: /etc/hosts: ${sha256(hosts)} 644 root:root`, `new: /etc/hosts: ${sha256(`${hosts}${LATER}`)} 644 root:root`],
      'cp-3': [],
      'w-1': [`gone: ${CRICTL}: ${original} 640 root:root`, `new: ${CRICTL}: ${sha256('changed since\n')} 644 root:root`, `new: kept ${original}`],
    });
  });

  it('have nothing more to give back, and carry the cluster again', async () => {
    expect(await goOnResetting(whole, loaded, wanted)).toEqual([]);
    whole.deeds.length = 0;
    await applyOn(whole, loaded);
    expect(await judgeWorld(whole, cluster)).toEqual([]);
  });

  it.each(Object.values(mishaps).map((mishap, turn) => ({ ...mishap, turn })))('are so though $name right after a record', async ({ turn, ...mishap }) => {
    const problems: string[] = [];
    for (const at of pointsAmong(records, turn)) {
      const world = copyWorld(deployed, cluster);
      await withMishap(world, loaded, { mishap, at, command: resetOn });
      problems.push(...(await goOnResetting(world, loaded, wanted)).map((problem) => `at ${at}, record ${JSON.stringify(records[at - 1])}: ${problem}`));
    }
    expect(problems).toEqual([]);
  });

  it('are so though the power goes within a script, and the operator with it', async () => {
    const problems: string[] = [];
    for (const at of pointsAmong(moments, 1)) {
      const world = copyWorld(deployed, cluster);
      await cutWithin(world, loaded, at, resetOn);
      problems.push(...(await goOnResetting(world, loaded, wanted)).map((problem) => `at ${at}: ${problem}`));
    }
    expect(problems).toEqual([]);
  });

  it('are as they were though the deployment died before its first script, with files sent', async () => {
    const world = copyWorld(used, cluster);
    world.machine('w-1').blobs.add('d1');
    expect(await goOnResetting(world, loaded, before)).toEqual([]);
  });

  it('are as they were though the deployment died, and was never gone on with', async () => {
    const problems: string[] = [];
    for (const at of pointsAmong(ofDeployment, 2)) {
      const world = copyWorld(used, cluster);
      await withMishap(world, loaded, { mishap: mishaps.killedAndCut, at });
      problems.push(...(await goOnResetting(world, loaded, before)).map((problem) => `at ${at}, record ${JSON.stringify(ofDeployment[at - 1])}: ${problem}`));
    }
    expect(problems).toEqual([]);
  });
});
