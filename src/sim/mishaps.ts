import type { LoadedCluster } from '../app/cluster-file.ts';
import type { RunEvent } from '../engine/events.ts';
import type { Attempt, AttemptEnd, Command } from './deployment.ts';
import { applyOn } from './deployment.ts';
import { settleWorld } from './sim-controllers.ts';
import type { SimMachine } from './sim-machine.ts';
import type { SimWorld } from './sim-world.ts';

/** Something that befalls a command right after a record of its journal, and what must be mended by people before the next one. */
export interface Mishap {
  readonly name: string;
  readonly befall: (attempt: Attempt, machine: SimMachine) => void;
}

export const mishaps = {
  killed: { name: 'the operator is killed', befall: ({ operator }) => operator.kill() },
  killedAndCut: {
    name: 'the operator is killed, and the machine at work loses its power',
    befall: ({ operator }, machine) => {
      operator.kill();
      machine.cut();
    },
  },
  cut: { name: 'the machine at work loses its power', befall: (_attempt, machine) => machine.cut() },
  lost: { name: 'the connection to the machine at work is lost, its script goes on', befall: ({ operator }, machine) => operator.lose(machine) },
} as const satisfies Readonly<Record<string, Mishap>>;

interface When {
  readonly mishap: Mishap;
  readonly at: number;
  /** An `apply` where nothing else is said. */
  readonly command?: Command;
}

/** One command to which something happens right after its record `at`; machines that lost their power have it again afterwards. */
export async function withMishap(world: SimWorld, loaded: LoadedCluster, { mishap, at, command = applyOn }: When): Promise<AttemptEnd> {
  const onRecord = (attempt: Attempt): void => {
    const record = attempt.records[at - 1];
    if (attempt.records.length === at && record !== undefined) mishap.befall(attempt, machineOf(world, record));
  };
  const end = await command(world, loaded, { onRecord });
  powerUp(world);
  return end;
}

/** One command whose operator is killed, and whose machine loses its power, at the moment `at` within scripts: whatever kubeadm or another program had half-done stays. */
export async function cutWithin(world: SimWorld, loaded: LoadedCluster, at: number, command = applyOn): Promise<AttemptEnd> {
  let kill: () => void = () => undefined;
  world.onMoment = (machine, moments) => {
    if (moments !== at) return;
    kill();
    machine.cut();
  };
  const end = await command(world, loaded, {
    onRecord: ({ operator }) => {
      kill = () => operator.kill();
    },
  });
  world.onMoment = () => undefined;
  powerUp(world);
  return end;
}

function machineOf(world: SimWorld, record: RunEvent): SimMachine {
  const [first] = world.machines.keys();
  return world.machine(('node' in record ? record.node : first) ?? '');
}

/** Every machine that is off has power again. */
export function powerUp(world: SimWorld): void {
  for (const machine of world.machines.values()) if (!machine.isUp) machine.boot();
  settleWorld(world);
}
