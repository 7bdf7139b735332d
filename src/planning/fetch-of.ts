import type { FetchRef } from '../actions/fetch-shell.ts';
import type { NodeContext } from '../model/cluster.ts';
import type { ArtifactRef } from './artifact-refs.ts';
import { proxyVariables } from './files/outbound-proxy.ts';

/** How the node fetches a program itself, with all others that it takes from the same file; undefined where the program is not published as it is wanted. */
export function fetchOf({ published }: ArtifactRef, others: readonly ArtifactRef[], context: NodeContext): FetchRef | undefined {
  if (published === undefined) return undefined;
  const programs = others.flatMap((other) =>
    other.published?.url === published.url ? [{ sha256: other.sha256, ...(other.published.member !== undefined && { member: other.published.member }) }] : [],
  );
  // curl reads the name of the variable for http in small letters alone.
  return { url: published.url, programs, proxy: Object.fromEntries(proxyVariables(context).map(([name, value]) => [name.toLowerCase(), value])) };
}
