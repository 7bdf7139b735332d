import { stringify } from 'yaml';
import { defaultVersion } from '../catalogue/catalogue.ts';
import { POD_CIDR, SERVICE_CIDR } from './lab-addresses.ts';
import { labPaths } from './lab-paths.ts';
import type { LabState } from './lab-state.ts';
import { requireLabState } from './lab-state.ts';

/** Text of a cluster file for the lab's machines; throws `usage` when there is no such lab. */
export async function labClusterFile(name: string): Promise<string> {
  return clusterFileOf(await requireLabState(name));
}

/** The cluster file of a lab, which needs nothing but the lab's own files: key and host keys are named in it. */
export function clusterFileOf(lab: LabState): string {
  const { identityFile, knownHostsFile } = labPaths(lab.name);
  const document = {
    apiVersion: 'kubewright.dev/v1alpha1',
    kind: 'Cluster',
    metadata: { name: lab.name },
    spec: {
      kubernetes: { version: defaultVersion },
      endpoint: { mode: 'local' },
      network: { plugin: 'flannel', podCIDR: POD_CIDR, serviceCIDR: SERVICE_CIDR },
      ssh: { user: 'root', identityFile, knownHostsFile },
      addons: { metricsServer: { enabled: true } },
      nodes: lab.machines.map(({ name, address, role }) => ({ name, address, role })),
    },
  };
  // yaml-1.1: what reads the file otherwise may take `on` or `12:30` for other types than text.
  return stringify(document, { compat: 'yaml-1.1', lineWidth: 0 });
}
