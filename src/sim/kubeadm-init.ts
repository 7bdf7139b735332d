import { foreign, foreignObjects } from '../model/foreign.ts';
import { TOKEN_DESCRIPTION } from '../actions/kinds/tokens.ts';
import type { WorkloadFact } from '../facts/cluster-facts.ts';
import { ADMIN_CONF, KUBEADM_TRACES, KUBELET_CONF, PKI_DIR, SHARED_PKI_FILES, SUPER_ADMIN_CONF } from '../facts/kubernetes-paths.ts';
import { KUBELET_UNIT } from '../planning/files/kubelet.ts';
import { clientCertificate } from './client-certificate.ts';
import type { ClusterDocument, KubeadmDocuments } from './kubeadm-documents.ts';
import { readYaml } from './kubeadm-documents.ts';
import { startKubelet, writeCertificates, writeEtcdManifest, writeKubeconfigs, writeManifests } from './kubeadm-files.ts';
import type { SimCluster } from './sim-cluster.ts';
import type { SimMachine } from './sim-machine.ts';
import type { SimWorld } from './sim-world.ts';

/** A part of kubeadm's work: done whole or not at all. What it throws is its failure, in kubeadm's words. */
export interface Phase {
  readonly name: string;
  readonly run: () => void;
}

const WORKLOAD: WorkloadFact = { annotations: {}, desired: 1, ready: 0, isRolledOut: false, podNodes: [] };

/** What kubeadm finds and will not overwrite (kubeadm preflight: FileAvailable, DirAvailable). */
export function refuseRemains(machine: SimMachine): void {
  const found = KUBEADM_TRACES.filter((path) => path !== ADMIN_CONF && machine.has(path));
  if (found.length > 0) throw new Error(`[ERROR FileAvailable] ${found.join(', ')} already exists`);
  if (machine.etcdMemberId !== undefined) throw new Error('[ERROR DirAvailable--var-lib-etcd]: /var/lib/etcd is not empty');
}

/** The cluster as the API server beside it shows it. */
export function ownApi(world: SimWorld, machine: SimMachine): SimCluster {
  if (world.cluster === undefined || !world.isServing(machine)) throw new Error('the API server beside it does not answer');
  return world.cluster;
}

/** `kubeadm init` in its phases (kubeadm 1.36, cmd/init.go); a machine that dies is left between two of them. */
export function initPhases(world: SimWorld, machine: SimMachine, { own, shared }: KubeadmDocuments): readonly Phase[] {
  const document = readYaml<ClusterDocument>(shared['ClusterConfiguration'] ?? '');
  const api = (): SimCluster => ownApi(world, machine);
  return [
    { name: 'preflight', run: () => refuseRemains(machine) },
    { name: 'certs', run: () => (writeAuthorities(world, machine), writeCertificates(machine, own, document)) },
    { name: 'kubeconfig', run: () => (writeKubeconfigs(machine, own, document), writeInitKubeconfigs(machine, own)) },
    { name: 'etcd', run: () => writeEtcdManifest(machine, own, { document, others: [] }) },
    { name: 'control-plane', run: () => writeManifests(machine, own, document) },
    { name: 'kubelet-start', run: () => startKubelet(machine, own, shared['KubeletConfiguration'] ?? '') },
    { name: 'wait-control-plane', run: () => void api() },
    { name: 'upload-config', run: () => uploadConfiguration(api(), shared) },
    { name: 'mark-control-plane', run: () => markControlPlane(api(), own.name) },
    { name: 'bootstrap-token', run: () => storeToken(api(), own.token, document) },
    { name: 'kubelet-finalize', run: () => machine.start(KUBELET_UNIT) },
    { name: 'addon', run: () => installAddons(api(), shared) },
  ];
}

/** Authorities that lie there already are kept, as kubeadm does. */
function writeAuthorities(world: SimWorld, machine: SimMachine): void {
  const series = world.nextId();
  for (const file of SHARED_PKI_FILES) {
    const path = `${PKI_DIR}/${file}`;
    if (!machine.has(path)) machine.write(path, `${file} of authority ${series}\n`, { mode: file.endsWith('.key') ? '600' : '644' });
  }
}

function writeInitKubeconfigs(machine: SimMachine, own: KubeadmDocuments['own']): void {
  const server = `https://${own.advertiseAddress}:6443`;
  machine.configure(SUPER_ADMIN_CONF, { server, clientCertificate: clientCertificate('kubernetes-super-admin') });
  machine.configure(KUBELET_CONF, { server, clientCertificate: clientCertificate(`system:node:${own.name}`) });
}

function uploadConfiguration(cluster: SimCluster, shared: KubeadmDocuments['shared']): void {
  cluster.configMaps = {
    ...cluster.configMaps,
    ...foreignObjects({
      'kube-system/kubeadm-config': { ClusterConfiguration: shared['ClusterConfiguration'] ?? '' },
      'kube-system/kubelet-config': { kubelet: shared['KubeletConfiguration'] ?? '' },
    }),
  };
}

/** Role and taint of a control plane, the last that kubeadm does to one. */
export function markControlPlane(cluster: SimCluster, name: string): void {
  const node = cluster.nodes[name];
  if (node === undefined) throw new Error(`nodes "${name}" not found`);
  const taint = { key: 'node-role.kubernetes.io/control-plane', value: '', effect: 'NoSchedule' };
  cluster.put({ ...node, isControlPlane: true, taints: [...node.taints.filter(({ key }) => key !== taint.key), taint] });
}

function storeToken(cluster: SimCluster, token: string, { controlPlaneEndpoint }: ClusterDocument): void {
  cluster.tokens = [...cluster.tokens, { id: token.split('.')[0] ?? '', token, description: TOKEN_DESCRIPTION }];
  cluster.configMaps = { ...cluster.configMaps, 'kube-public/cluster-info': { kubeconfig: foreign(`clusters:\n- cluster:\n    server: https://${controlPlaneEndpoint}\n`) } };
}

function installAddons(cluster: SimCluster, shared: KubeadmDocuments['shared']): void {
  cluster.workloads = { ...cluster.workloads, 'kube-system/Deployment/coredns': WORKLOAD, 'kube-system/DaemonSet/kube-proxy': WORKLOAD };
  cluster.configMaps = {
    ...cluster.configMaps,
    ...foreignObjects({ 'kube-system/coredns': { Corefile: '.:53 {}\n' }, 'kube-system/kube-proxy': { 'config.conf': shared['KubeProxyConfiguration'] ?? '' } }),
  };
}
