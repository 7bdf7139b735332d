import { argumentsOf } from './process-starts.ts';
import type { Machine } from './test-lab.ts';

/** The machine on which init ran: its etcd was told of no other member when it first started. */
export async function machineOfInit(controlPlanes: readonly Machine[]): Promise<Machine> {
  for (const machine of controlPlanes) {
    const [args = []] = await argumentsOf(machine, 'etcd');
    const members = args.find((word) => word.startsWith('--initial-cluster='))?.split(',') ?? [];
    if (members.length === 1) return machine;
  }
  throw new Error('no etcd was started alone');
}
