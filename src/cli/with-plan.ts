import type { SourceWish } from '../app/artifact-source.ts';
import type { LoadedCluster } from '../app/cluster-file.ts';
import type { OpenFleet } from '../app/open-fleet.ts';
import type { Consents } from '../app/preflight.ts';
import type { PlannedCluster } from '../app/plan-cluster.ts';
import { artifactNarrator } from '../app/artifact-narrator.ts';
import type { CliContext } from './context.ts';
import type { SudoFlags } from './sudo-flags.ts';
import type { Terminal } from './terminal.ts';
import { say } from './terminal.ts';
import { withFleet } from './with-fleet.ts';

export interface Planned {
  readonly planned: PlannedCluster;
  readonly fleet: OpenFleet['fleet'];
}

interface PlanWish {
  readonly file: string | undefined;
  readonly source: SourceWish | undefined;
  readonly sudo: SudoFlags;
  readonly collect: boolean;
  readonly consents?: Consents;
  readonly takeOver?: string | undefined;
}

/** Plans for a cluster file; the machines stay reachable until `use` has ended. */
export async function withPlan(context: CliContext, { file, source, sudo, collect, consents, takeOver }: PlanWish, use: (planned: Planned) => Promise<void>): Promise<void> {
  await withFleet(context, { file, sudo, onlyLooks: !collect, secrets: true }, async ({ loaded, fleet }) => {
    const { planCluster } = await context.verbs.plan();
    const onProgress = (line: string): void => say(context.terminal, line);
    const planned = await planCluster(loaded, {
      fleet,
      signal: context.interruption.signal,
      onProgress,
      onArtifact: artifactNarrator(onProgress),
      collect,
      source,
      takeOver,
      ...(consents !== undefined && { consents }),
    });
    await use({ planned, fleet });
  });
}

/** What of a plan differs from node to node without being different work. */
export function ownValuesOf({ cluster }: LoadedCluster): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(cluster.nodes.map((node) => [node.name, [node.address.openFor(node.name)]]));
}

/** Steps that are not in the plan because what they rely on was not seen. */
export function sayRefused(terminal: Terminal, refused: PlannedCluster['refused']): void {
  for (const { id, why } of refused) say(terminal, `${terminal.errorPaint.yellow('left out')} ${id}: ${why}`);
}
