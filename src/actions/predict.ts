import type { ClusterFacts } from '../facts/cluster-facts.ts';
import type { FileFact, HostFacts } from '../facts/host-facts.ts';
import type { View } from '../facts/snapshot.ts';
import { known } from '../plan/fact.ts';

/** The view with its host's facts changed; a host that is not known stays so. */
export function withHost(view: View, change: (host: HostFacts) => Partial<HostFacts>): View {
  return view.host.state === 'known' ? { ...view, host: known({ ...view.host.value, ...change(view.host.value) }) } : view;
}

export function withFile(view: View, path: string, file: FileFact): View {
  return withHost(view, ({ files }) => ({ files: { ...files, [path]: file } }));
}

/** The view with the cluster's facts changed; a cluster that is not there yet stays unknown. */
export function withCluster(view: View, change: (cluster: ClusterFacts) => Partial<ClusterFacts>): View {
  return view.cluster.state === 'known' ? { ...view, cluster: known({ ...view.cluster.value, ...change(view.cluster.value) }) } : view;
}
