import { findRelease } from '../../catalogue/catalogue.ts';
import type { Release } from '../../catalogue/release.ts';
import { bareSnapshot } from '../../facts/bare-host.ts';
import type { Snapshot } from '../../facts/snapshot.ts';
import { digestOfCluster } from '../../model/cluster-digest.ts';
import type { Cluster } from '../../model/cluster.ts';
import { laneId } from '../../plan/plan.ts';
import { sha256 } from '../../util/sha256.ts';
import type { ArtifactRef, ArtifactRefs } from '../artifact-refs.ts';
import type { DeployInput } from '../plan-deploy.ts';
import { deployProbes } from '../plan-deploy.ts';

const PROGRAMS = ['kubeadm', 'kubelet', 'kubectl', 'containerd', 'containerd-shim-runc-v2', 'ctr', 'runc', 'crictl', 'etcdctl'];
const PLUGINS = ['bridge', 'loopback', 'host-local', 'portmap', 'bandwidth', 'firewall', 'tuning'];

function artifact(name: string, fileName: string, images: readonly string[] = []): readonly [string, ArtifactRef] {
  return [
    name,
    { name, fileName, version: '1.0', sha256: sha256(name), sizeBytes: name.length, images: images.map((image) => ({ name: image, digest: `sha256:${sha256(image)}` })) },
  ];
}

/** All artifacts that a cluster is given, made up. */
const artifacts: ArtifactRefs = new Map([
  ...PROGRAMS.map((name) => artifact(name, name)),
  ...PLUGINS.map((name) => artifact(`cni-${name}`, name)),
  artifact('images-control-plane', 'images-control-plane.tar', ['kube-apiserver:1', 'etcd:1']),
  artifact('images-node', 'images-node.tar', ['pause:1', 'flannel:1']),
]);

const release = findRelease('1.36.3') as Release;

export function inputFor(cluster: Cluster, snapshot: Snapshot): DeployInput {
  return { cluster, desired: digestOfCluster(cluster), snapshot, artifacts, release };
}

/** What an observation asks for this cluster. */
export function requestsFor(cluster: Cluster): ReturnType<typeof deployProbes> {
  return deployProbes({ cluster, desired: '', artifacts, release });
}

/** All machines of the cluster, with nothing on them. */
export function bareMachines(cluster: Cluster): Snapshot {
  return bareSnapshot(
    cluster.nodes.map(({ name }) => laneId(name)),
    requestsFor(cluster),
  );
}
