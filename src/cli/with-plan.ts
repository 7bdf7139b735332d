import type { LoadedCluster } from '../app/cluster-file.ts';
import type { OpenFleet } from '../app/open-fleet.ts';
import type { PlannedCluster } from '../app/plan-cluster.ts';
import type { CliContext } from './context.ts';
import type { Terminal } from './terminal.ts';
import { say } from './terminal.ts';

export interface Planned {
  readonly planned: PlannedCluster;
  readonly fleet: OpenFleet['fleet'];
}

/** Reads the cluster file, looks at its machines and plans; they stay reachable until `use` has ended. No connection is opened for a file that has problems. */
export async function withPlan(context: CliContext, file: string | undefined, use: (planned: Planned) => Promise<void>): Promise<void> {
  const { terminal, verbs, interruption } = context;
  const { readClusterFile } = await verbs.clusterFile();
  const loaded = await readClusterFile(file);
  for (const warning of loaded.warnings) say(terminal, warning);
  const { openFleet } = await verbs.openFleet();
  const { planCluster } = await verbs.plan();
  await using open = openFleet(loaded.cluster, interruption.hardSignal);
  const onProgress = (line: string): void => say(terminal, line);
  await use({ planned: await planCluster(loaded, { fleet: open.fleet, signal: interruption.signal, onProgress }), fleet: open.fleet });
}

/** What of a plan differs from node to node without being different work. */
export function ownValuesOf({ cluster }: LoadedCluster): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(cluster.nodes.map((node) => [node.name, [node.address.openFor(node.name)]]));
}

/** Steps that are not in the plan because what they rely on was not seen. */
export function sayRefused(terminal: Terminal, refused: PlannedCluster['refused']): void {
  for (const { id, why } of refused) say(terminal, `${terminal.errorPaint.yellow('left out')} ${id}: ${why}`);
}
