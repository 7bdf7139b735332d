import type { LoadedCluster } from '../app/cluster-file.ts';
import type { OpenFleet } from '../app/open-fleet.ts';
import type { CliContext } from './context.ts';
import type { SudoFlags } from './sudo-flags.ts';
import { sudoPasswordFor } from './sudo-password.ts';
import { say } from './terminal.ts';

export interface LoadedFleet {
  readonly loaded: LoadedCluster;
  readonly fleet: OpenFleet['fleet'];
}

/** What a command takes of a cluster file, and what for. */
export interface FleetRequest {
  readonly file: string | undefined;
  /** Changes no machine, and a person waits for the answer. */
  readonly onlyLooks: boolean;
  readonly sudo: SudoFlags;
  /** Whether the secrets that the file names must be there. */
  readonly secrets?: boolean;
  /** Whether what the file desires is to be carried out: what is unwise in it is said. Of others it is no matter. */
  readonly judgesFile?: boolean;
}

/** Reads the cluster file and makes its machines reachable until `use` has ended. For a file that has problems no connection is opened. */
export async function withFleet(
  context: CliContext,
  { file, onlyLooks, sudo, secrets = false, judgesFile = false }: FleetRequest,
  use: (loaded: LoadedFleet) => Promise<void>,
): Promise<void> {
  const { terminal, verbs, interruption } = context;
  const { readClusterFile } = await verbs.clusterFile();
  const loaded = await readClusterFile(file, interruption.signal, { secrets, isDialled: true });
  for (const warning of judgesFile ? loaded.warnings : []) say(terminal, warning);
  const sudoPassword = await sudoPasswordFor(() => usersOf(loaded.cluster), sudo, context);
  const { openFleet } = await verbs.openFleet();
  // The first request to stop must not part us from what still runs.
  await using open = openFleet(loaded.cluster, { signal: interruption.hardSignal, onlyLooks, sudoPassword });
  await use({ loaded, fleet: open.fleet });
}

/** Who logs in on the machines of a cluster. */
export function usersOf({ ssh, sshOf, nodes }: LoadedCluster['cluster']): readonly string[] {
  return nodes.map(({ name }) => (sshOf.get(name) ?? ssh).user);
}
