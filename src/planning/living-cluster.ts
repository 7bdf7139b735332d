import { parse } from 'yaml';
import type { ClusterFacts } from '../facts/cluster-facts.ts';
import { isStrange, joinState } from '../facts/join-state.ts';
import { clusterKey } from '../facts/keys.ts';
import { APPLIED_ENTRY, APPLIED_SETTINGS } from './documents/applied-settings.ts';
import type { AppliedSettings } from './documents/applied-settings.ts';
import type { Cluster, ClusterWide, SharedSettings } from '../model/cluster.ts';
import { laneId } from '../plan/plan.ts';
import { canonicalJson, compareStrings } from '../util/canonical-json.ts';
import type { DraftBoard } from './draft-board.ts';
import { CHANGING_SETTINGS, nodeSettingChanges, sharedFlagChanges, shown } from './living-components.ts';
import type { Compared, HeldComponents } from './living-components.ts';
import { METRICS_SERVER_WORKLOAD } from './addons/metrics-server.ts';
import { FLANNEL_WORKLOAD } from './addons/flannel.ts';
import { settingsTree } from './documents/shared-text.ts';
import type { Unsupported } from './unsupported.ts';

/** The fields of kubeadm's ClusterConfiguration that are compared, as the cluster holds them. */
interface HeldConfiguration extends HeldComponents {
  readonly clusterName?: string;
  readonly kubernetesVersion?: string;
  readonly controlPlaneEndpoint?: string;
  readonly networking?: { readonly podSubnet?: string; readonly serviceSubnet?: string; readonly dnsDomain?: string };
  readonly apiServer?: NonNullable<HeldComponents['apiServer']> & { readonly certSANs?: readonly string[] };
}

const heldKey = (name: string, entry: string) =>
  clusterKey(
    `${name} ${entry}`,
    ({ configMaps }: ClusterFacts) => configMaps[name]?.[entry] ?? '',
    (text) => `${text.length} characters`,
  );

/**
 * Everything in the file that machines and cluster show otherwise and that no planner of this version changes. A cluster that is only begun has nothing
 * that could differ, but its machines may be another's.
 */
export function unsupportedChanges(cluster: Cluster, board: DraftBoard, { isLiving }: { readonly isLiving: boolean }): readonly Unsupported[] {
  if (!isLiving) return strangers(cluster, board, isLiving);
  const applied = appliedSettings(board);
  const changed = nodeChanges(cluster, board);
  const told = new Set([...changed.map(({ where }) => where), ...renamedNodes(cluster, board)]);
  return [
    ...configurationChanges(cluster.wide, board),
    ...(applied === undefined ? [] : settingChanges(cluster.wide, applied)),
    ...changed,
    ...addonChanges(cluster.wide, board),
    ...nodeSettingChanges(cluster, board),
    ...strangers(cluster, board, isLiving).filter(({ where }) => !told.has(where)),
  ];
}

/** Nodes of the file at the address of a node that the cluster has under another name: the change of that one is told. */
function renamedNodes(cluster: Cluster, board: DraftBoard): readonly string[] {
  const names = new Set<string>(cluster.nodes.map(({ name }) => name));
  const others = (board.read(undefined, membersKey) ?? []).filter(({ name }) => !names.has(name)).flatMap(({ internalIPs }) => internalIPs);
  return cluster.nodes.filter(({ name, address }) => others.includes(address.openFor(name))).map(({ name }) => `node ${name}`);
}

function held<T>(board: DraftBoard, name: string, entry: string): T | undefined {
  const text = board.read(undefined, heldKey(name, entry));
  return text === undefined || text === '' ? undefined : (parse(text) as T);
}

const presenceKey = clusterKey('presence of kube-system/kubeadm-config', ({ configMaps }) => 'kube-system/kubeadm-config' in configMaps, String);

function configurationChanges(wide: ClusterWide, board: DraftBoard): readonly Unsupported[] {
  const now = held<HeldConfiguration>(board, 'kube-system/kubeadm-config', 'ClusterConfiguration');
  if (board.read(undefined, presenceKey) === false)
    return [{ where: 'kube-system/kubeadm-config', why: 'it is not there, so nobody can say what the cluster was made with: kubeadm upgrade and every join need it too' }];
  if (now === undefined) return [];
  const compared: readonly Compared[] = [
    ['metadata.name', wide.name, now.clusterName, 'the name of a cluster never changes'],
    ['spec.kubernetes.version', `v${wide.kubernetesVersion}`, now.kubernetesVersion, 'upgrades come with a later version of this tool'],
    ['spec.endpoint', `${wide.endpoint.host}:${wide.endpoint.port}`, now.controlPlaneEndpoint, 'the endpoint of a cluster never changes'],
    ['spec.network.podCIDR', wide.network.podCIDR, now.networking?.podSubnet, 'ranges of a living cluster cannot change'],
    ['spec.network.serviceCIDR', wide.network.serviceCIDR, now.networking?.serviceSubnet, 'ranges of a living cluster cannot change'],
    ['spec.controlPlane.certSANs', [...wide.certSANs].sort(), [...(now.apiServer?.certSANs ?? [])].sort(), 'changing certificates comes with a later version of this tool'],
    ...sharedFlagChanges(wide, now),
  ];
  return compared.flatMap(([where, wanted, found, why]) =>
    canonicalJson(wanted) === canonicalJson(found ?? null) ? [] : [{ where, why: `the file says ${shown(wanted)}, the cluster ${shown(found)}: ${why}` }],
  );
}

/** What was applied last, as the tool itself wrote it down: what kubeadm and the API server hold is written in other forms (`5m` as `5m0s`). */
function appliedSettings(board: DraftBoard): AppliedSettings | undefined {
  const text = board.read(undefined, heldKey(APPLIED_SETTINGS, APPLIED_ENTRY));
  return text === undefined || text === '' ? undefined : (JSON.parse(text) as AppliedSettings);
}

/** Settings that differ in either direction: one taken out of the file is a change too. */
function settingChanges(wide: ClusterWide, applied: AppliedSettings): readonly Unsupported[] {
  const plugin = {
    where: 'spec.network.plugin',
    why: `the file says ${wide.network.plugin}, the cluster was made with ${applied.networkPlugin}: the network plugin of a living cluster cannot change`,
  };
  return [
    ...fieldChanges('spec.kubelet.config', wide.kubeletConfig, applied.kubelet),
    ...fieldChanges('spec.kubeProxy.config', wide.kubeProxyConfig, applied.kubeProxy ?? {}),
    ...(wide.network.plugin === applied.networkPlugin ? [] : [plugin]),
  ];
}

function fieldChanges(under: string, settings: SharedSettings, applied: Readonly<Record<string, unknown>>): readonly Unsupported[] {
  const wanted = settingsTree(settings) as unknown as Record<string, unknown>;
  return [...new Set([...Object.keys(wanted), ...Object.keys(applied)])]
    .sort(compareStrings)
    .filter((field) => shown(wanted[field]) !== shown(applied[field]))
    .map((field) => ({ where: `${under}.${field}`, why: `the file says ${shown(wanted[field])}, the cluster was given ${shown(applied[field])}: ${CHANGING_SETTINGS}` }));
}

const membersKey = clusterKey(
  'nodes with roles and addresses',
  ({ nodes }) => Object.values(nodes).map(({ name, isControlPlane, internalIPs }) => ({ name, isControlPlane, internalIPs })),
  (nodes) =>
    nodes
      .map(({ name }) => name)
      .sort(compareStrings)
      .join(' '),
);

function nodeChanges(cluster: Cluster, board: DraftBoard): readonly Unsupported[] {
  const wanted = new Map(cluster.nodes.map((node) => [node.name as string, node] as const));
  return (board.read(undefined, membersKey) ?? []).flatMap(({ name, isControlPlane, internalIPs }) => {
    const node = wanted.get(name);
    if (node === undefined) return [{ where: `node ${name}`, why: 'it is in the cluster and not in the file: removal comes with a later version of this tool' }];
    const address = node.address.openFor(node.name);
    if (internalIPs.length > 0 && !internalIPs.includes(address))
      return [{ where: `node ${name}`, why: `the file says address ${address}, the cluster ${internalIPs.join(', ')}: moving a node comes with a later version of this tool` }];
    // A join that died before its last phase leaves a control plane without its label: that is mended, not refused.
    return isControlPlane && node.role === 'worker' ? [{ where: `node ${name}`, why: 'the file says worker, the cluster control plane: a role cannot change' }] : [];
  });
}

const workloadKey = (workload: string) => clusterKey(`presence of ${workload}`, ({ workloads }) => workload in workloads, String);

function addonChanges(wide: ClusterWide, board: DraftBoard): readonly Unsupported[] {
  const has = (workload: string): boolean => board.read(undefined, workloadKey(workload)) === true;
  return [
    ...(!wide.metricsServer && has(METRICS_SERVER_WORKLOAD)
      ? [{ where: 'spec.addons.metricsServer.enabled', why: 'metrics-server is installed: removing add-ons comes with a later version of this tool' }]
      : []),
    ...(wide.network.plugin === 'none' && has(FLANNEL_WORKLOAD)
      ? [{ where: 'spec.network.plugin', why: 'flannel is installed: the network plugin of a living cluster cannot change' }]
      : []),
  ];
}

/** Machines that hold something no kubeadm of ours left half-done: a member of another cluster, or what is left of one. */
function strangers(cluster: Cluster, board: DraftBoard, isLiving: boolean): readonly Unsupported[] {
  const isStranger = ({ name, role }: Cluster['nodes'][number]): boolean => {
    const reading = board.reading(laneId(name));
    return isLiving ? joinState(name, role, reading) === 'foreign' : isStrange(reading);
  };
  return cluster.nodes.filter(isStranger).map(({ name }) => ({ where: `node ${name}`, why: STRANGER }));
}

const STRANGER =
  'the machine and the cluster do not show one and the same node, and it was no run of this tool that left it so: it may hold a node of another cluster, or its name may be that of a node that another machine was. Nothing is cleaned that is not ours: look at /etc/kubernetes and /var/lib/etcd there, and at the nodes and etcd members of the cluster';
