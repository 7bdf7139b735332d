import type { Release } from '../catalogue/release.ts';
import type { BuildGraph } from './build-graph.ts';
import { buildGraph } from './build-graph.ts';

/** Sources that fill the cache: `go` builds from Go modules. A bundle holds what one of them made. */
export type MakerName = 'go' | 'upstream';

/** How that source makes the artifacts of a release. */
export function makerGraph(_maker: MakerName, release: Release, root?: string): BuildGraph {
  return buildGraph(release, root);
}
