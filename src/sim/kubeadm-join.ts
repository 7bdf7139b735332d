import { ADMIN_CONF, BOOTSTRAP_KUBELET_CONF, CLUSTER_CA, KUBELET_CONF, PKI_DIR, SHARED_PKI_FILES } from '../facts/kubernetes-paths.ts';
import { sha256 } from '../util/sha256.ts';
import type { ClusterDocument, KubeadmDocuments } from './kubeadm-documents.ts';
import { readYaml } from './kubeadm-documents.ts';
import { startKubelet, writeCertificates, writeEtcdManifest, writeKubeconfigs, writeManifests } from './kubeadm-files.ts';
import type { Phase } from './kubeadm-init.ts';
import { markControlPlane, ownApi, refuseRemains } from './kubeadm-init.ts';
import type { SimCluster } from './sim-cluster.ts';
import type { SimMachine } from './sim-machine.ts';
import type { SimWorld } from './sim-world.ts';

/** `kubeadm join` in its phases (kubeadm 1.36, cmd/join.go). */
export function joinPhases(world: SimWorld, machine: SimMachine, { own }: KubeadmDocuments): readonly Phase[] {
  const discovered = (): Discovered => discover(world, machine, own);
  const begin: readonly Phase[] = [{ name: 'preflight', run: () => (refuseRemains(machine), refuseAdminConf(machine), void discovered()) }];
  const wait: Phase = { name: 'kubelet-wait-bootstrap', run: () => awaitBootstrap(machine) };
  if (own.advertiseAddress === undefined) return [...begin, { name: 'kubelet-start', run: () => startWithToken(machine, own, discovered()) }, wait];
  return [
    ...begin,
    { name: 'certs', run: () => (checkAuthorities(machine, discovered()), writeCertificates(machine, own, discovered().document)) },
    { name: 'kubeconfig', run: () => writeKubeconfigs(machine, own, discovered().document) },
    { name: 'control-plane', run: () => writeManifests(machine, own, discovered().document) },
    { name: 'kubelet-start', run: () => startWithToken(machine, own, discovered()) },
    { name: 'etcd-join: member add', run: () => addLearner(world, discovered().cluster, own) },
    { name: 'etcd-join: manifest', run: () => writeEtcdManifest(machine, own, { document: discovered().document, others: knownMembers(discovered().cluster) }) },
    { name: 'etcd-join: promote', run: () => promote(world, machine, discovered().cluster) },
    wait,
    { name: 'mark-control-plane', run: () => markControlPlane(ownApi(world, machine), own.name) },
    { name: 'wait-control-plane', run: () => void ownApi(world, machine) },
  ];
}

interface Discovered {
  readonly cluster: SimCluster;
  readonly document: ClusterDocument;
  readonly kubelet: string;
  readonly authority: string;
  /** A control plane that was there before: what it holds is the cluster's. */
  readonly source: SimMachine;
}

/** Through the endpoint, with the token, the authority compared with its pin; what all nodes share is read from the cluster. */
function discover(world: SimWorld, machine: SimMachine, { endpoint, token, pins }: KubeadmDocuments['own']): Discovered {
  const { cluster } = world;
  const source = [...world.machines.values()].find((other) => other !== machine && world.isServing(other));
  if (cluster === undefined || source === undefined || !world.reaches(machine, `https://${endpoint}`))
    throw new Error(`couldn't validate the identity of the API Server: ${endpoint} does not answer`);
  if (!cluster.tokens.some((known) => known.token === token)) throw new Error('could not find a JWS signature in the cluster-info ConfigMap for token ID');
  const authority = source.text(CLUSTER_CA);
  if (!pins.includes(`sha256:${sha256(authority)}`)) throw new Error('cluster CA found in cluster-info ConfigMap is invalid: none of the public keys is pinned');
  const text = cluster.configMaps['kube-system/kubeadm-config']?.['ClusterConfiguration'];
  if (text === undefined) throw new Error('configmaps "kubeadm-config" not found');
  return { cluster, document: readYaml<ClusterDocument>(text), kubelet: cluster.configMaps['kube-system/kubelet-config']?.['kubelet'] ?? '', authority, source };
}

/** A left-over admin.conf would be used in place of discovery (kubeadm cmd/join.go). */
function refuseAdminConf(machine: SimMachine): void {
  if (machine.has(ADMIN_CONF)) throw new Error(`${ADMIN_CONF} is left over and would replace discovery`);
}

function checkAuthorities(machine: SimMachine, { source }: Discovered): void {
  const wrong = SHARED_PKI_FILES.filter((file) => machine.text(`${PKI_DIR}/${file}`) !== source.text(`${PKI_DIR}/${file}`));
  if (wrong.length > 0) throw new Error(`certificates of another authority: ${wrong.join(', ')}`);
}

/** A control plane's kubelet is told of the API server beside it, a worker's of the endpoint. */
function startWithToken(machine: SimMachine, own: KubeadmDocuments['own'], { authority, kubelet, document }: Discovered): void {
  const server = own.advertiseAddress === undefined ? `https://${document.controlPlaneEndpoint}` : `https://${own.advertiseAddress}:6443`;
  machine.configure(BOOTSTRAP_KUBELET_CONF, { server }, `token: ${own.token}\n`);
  if (!machine.has(CLUSTER_CA)) machine.write(CLUSTER_CA, authority, { mode: '644' });
  startKubelet(machine, own, kubelet);
}

function addLearner(world: SimWorld, cluster: SimCluster, { advertiseAddress, name }: KubeadmDocuments['own']): void {
  const peerURL = `https://${advertiseAddress}:2380`;
  if (cluster.members.some(({ isLearner }) => isLearner)) throw new Error('etcdserver: too many learner members in cluster');
  if (cluster.members.some((member) => member.peerURL === peerURL)) throw new Error('etcdserver: Peer URLs already exists');
  cluster.members = [...cluster.members, { id: world.nextId(), name: '', peerURL, clientURL: '', isLearner: true }];
  world.done('member added', name);
}

const knownMembers = ({ members }: SimCluster): readonly string[] => members.filter(({ name }) => name !== '').map(({ name, peerURL }) => `${name}=${peerURL}`);

function promote(world: SimWorld, machine: SimMachine, cluster: SimCluster): void {
  const member = world.memberOf(machine);
  if (member === undefined || !world.isAlive(member)) throw new Error('etcdserver: can only promote a learner member which is in sync with leader');
  cluster.change(member, { isLearner: false });
  if (!world.hasQuorum()) world.violations.push(`etcd loses its quorum with the vote of ${machine.name}`);
}

function awaitBootstrap(machine: SimMachine): void {
  if (!machine.has(KUBELET_CONF)) throw new Error('failed while waiting for TLS bootstrap');
  machine.remove(BOOTSTRAP_KUBELET_CONF);
}
