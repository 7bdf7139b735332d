import { releases } from '../../catalogue/catalogue.ts';
import type { Cluster } from '../../model/cluster.ts';
import { loadCluster } from '../../spec/load-cluster.ts';

const FILE = `
apiVersion: kubewright.dev/v1alpha1
kind: Cluster
metadata: { name: demo }
spec:
  kubernetes: { version: 1.36.3 }
  nodes:
    - { name: cp-1, address: 10.0.0.11, role: control-plane }
    - { name: cp-2, address: 10.0.0.12, role: control-plane }
    - { name: cp-3, address: 10.0.0.13, role: control-plane }
    - { name: w-1, address: 10.0.0.21, role: worker }
`;

function load(): Cluster {
  const result = loadCluster(FILE, 'cluster.yaml', { releases, home: '/root' });
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.cluster;
}

/** Three control planes and a worker. */
export const demoCluster: Cluster = load();
