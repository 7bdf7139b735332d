import { VirtualClock } from '../engine/virtual-clock.ts';
import { laneId } from '../plan/plan.ts';
import type { Cluster } from '../model/cluster.ts';
import { settleWorld } from './sim-controllers.ts';
import type { SimMachine } from './sim-machine.ts';
import { SimWorld } from './sim-world.ts';

/**
 * The world of a larger cluster from that of a small one that was deployed: its control planes as they are, every further worker like `pattern` but for its own name and
 * address. Both clusters have the same control planes. For measurements: thousands of deployments take long, and tell nothing more.
 */
export function growWorld(small: SimWorld, larger: Cluster, pattern: string): SimWorld {
  const world = new SimWorld(larger, small.clock);
  world.cluster = small.cluster;
  const from = small.machine(pattern);
  const node = small.cluster?.nodes[pattern];
  for (const machine of world.machines.values()) {
    const same = small.machines.get(laneId(machine.name));
    becomeLike(machine, same ?? from);
    if (same === undefined && node !== undefined) small.cluster?.put({ ...node, name: machine.name, internalIPs: [machine.address] });
  }
  settleWorld(world);
  return world;
}

function becomeLike(machine: SimMachine, from: SimMachine): void {
  const { identity, addresses } = machine.facts;
  machine.facts = { ...from.facts, identity, addresses };
  machine.etcdMemberId = from.etcdMemberId;
  for (const path of from.paths('/')) {
    const file = from.file(path);
    const text = from.text(path).replaceAll(from.name, machine.name).replaceAll(from.address, machine.address);
    if (file.type === 'file' && text !== file.text) machine.write(path, text, file);
  }
  for (const unit of Object.keys(machine.facts.units)) if (machine.isRunning(unit)) machine.start(unit);
}

/** Another world, all of it as this one is: what befalls the one leaves the other alone. Nothing may be at work in it. */
export function copyWorld(world: SimWorld, cluster: Cluster): SimWorld {
  const copy = new SimWorld(cluster, new VirtualClock());
  copy.cluster = world.cluster?.copy();
  for (const [lane, machine] of world.machines) copy.machines.get(lane)?.becomeCopyOf(machine);
  return copy;
}
