import { BOOTSTRAP_KUBELET_CONF, KUBELET_CONF, manifestPath } from '../facts/kubernetes-paths.ts';
import { clientCertificate } from './client-certificate.ts';
import { SimCluster } from './sim-cluster.ts';
import type { SimMachine } from './sim-machine.ts';
import type { SimWorld } from './sim-world.ts';

/** What goes on by itself after a change: static pods start, members begin to vote or learn, kubelets are let in and make their Node objects. */
export function settleWorld(world: SimWorld): void {
  for (const machine of world.machines.values()) {
    machine.fill();
    startEtcd(world, machine);
  }
  // What etcd holds lives as long as any member's data.
  if ([...world.machines.values()].every(({ etcdMemberId }) => etcdMemberId === undefined)) world.cluster = undefined;
  for (const machine of world.machines.values()) {
    bootstrap(world, machine);
    register(world, machine);
  }
}

const flag = (machine: SimMachine, name: string): string =>
  machine
    .command('etcd')
    .find((word) => word.startsWith(`--${name}=`))
    ?.slice(name.length + 3) ?? '';

/** etcd beside an empty data directory begins a cluster, or takes the place that was made for it in one; beside data it goes on as who it was. */
function startEtcd(world: SimWorld, machine: SimMachine): void {
  if (!machine.hasKubelet || !machine.has(manifestPath('etcd')) || machine.etcdMemberId !== undefined) return;
  machine.makeDirectory('/var/lib/etcd');
  const own = { name: flag(machine, 'name'), peerURL: flag(machine, 'initial-advertise-peer-urls'), clientURL: flag(machine, 'advertise-client-urls') };
  if (flag(machine, 'initial-cluster-state') !== 'existing') {
    const first = { ...own, id: world.nextId(), isLearner: false };
    if (world.cluster !== undefined) world.violations.push(`${machine.name} begins a second etcd cluster`);
    world.cluster = new SimCluster(`uid-${first.id}`, first);
    machine.etcdMemberId = first.id;
    return;
  }
  const place = world.cluster?.members.find(({ peerURL, name }) => peerURL === own.peerURL && name === '');
  if (place === undefined) return;
  world.cluster?.change(place, own);
  machine.etcdMemberId = place.id;
}

/** A kubelet with a token that the cluster knows is given a certificate of its own. */
function bootstrap(world: SimWorld, machine: SimMachine): void {
  const conf = machine.facts.kubeconfigs[BOOTSTRAP_KUBELET_CONF];
  if (!machine.hasKubelet || conf === undefined || machine.has(KUBELET_CONF) || !world.reaches(machine, conf.server)) return;
  const isKnown = world.cluster?.tokens.some(({ token }) => machine.text(BOOTSTRAP_KUBELET_CONF).includes(token)) === true;
  if (isKnown) machine.configure(KUBELET_CONF, { server: conf.server, clientCertificate: clientCertificate(`system:node:${machine.name}`) });
}

/** Once for each start of the kubelet: a Node object that is deleted under it does not come back. */
function register(world: SimWorld, machine: SimMachine): void {
  const conf = machine.facts.kubeconfigs[KUBELET_CONF];
  if (!machine.hasKubelet || machine.hasRegistered || conf === undefined || !world.reaches(machine, conf.server)) return;
  const kubelet = machine.observed(0).processes.find(({ name }) => name === 'kubelet');
  const address = kubelet?.args.find((word) => word.startsWith('--node-ip='))?.slice('--node-ip='.length);
  const fresh = { name: machine.name, isReady: false, isControlPlane: false, internalIPs: [], labels: {}, annotations: {}, taints: [], podCIDR: '', kubeletVersion: 'v1.36.3' };
  const node = world.cluster?.nodes[machine.name] ?? fresh;
  world.cluster?.put({ ...node, internalIPs: address === undefined ? [] : [address] });
  machine.hasRegistered = true;
}
