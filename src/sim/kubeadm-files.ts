import { ADMIN_CONF, KUBELET_CONFIG, KUBELET_FLAGS, KUBERNETES_DIR, PKI_DIR, manifestPath } from '../facts/kubernetes-paths.ts';
import { CONTROL_PLANE_PROGRAMS } from '../model/control-plane-components.ts';
import type { ControlPlaneComponent } from '../model/control-plane-components.ts';
import { COMMAND_END, KUBELET_PATCH, componentPatch } from '../planning/files/patches.ts';
import { KUBELET_UNIT } from '../planning/files/kubelet.ts';
import { clientCertificate } from './client-certificate.ts';
import type { ClusterDocument, KubeadmDocuments } from './kubeadm-documents.ts';
import { readYaml } from './kubeadm-documents.ts';
import type { SimMachine } from './sim-machine.ts';

type Own = KubeadmDocuments['own'];

const CONTROLLER_MANAGER_CONF = `${KUBERNETES_DIR}/controller-manager.conf`;
const SCHEDULER_CONF = `${KUBERNETES_DIR}/scheduler.conf`;

/** Certificates that a control plane shows or authenticates with; the authorities are there before. */
export function writeCertificates(machine: SimMachine, own: Own, { controlPlaneEndpoint, apiServer }: ClusterDocument): void {
  const address = own.advertiseAddress ?? '';
  const serving = {
    ...clientCertificate('kube-apiserver'),
    names: [own.name, controlPlaneEndpoint.split(':')[0] ?? '', ...(apiServer?.certSANs ?? [])].filter((name) => !/^[\d.]+$/.test(name)),
  };
  machine.certify(`${PKI_DIR}/apiserver.crt`, { ...serving, addresses: ['10.96.0.1', address] });
  const peer = { ...clientCertificate(own.name), names: [own.name, 'localhost'], addresses: [address, '127.0.0.1'] };
  for (const name of ['etcd/server', 'etcd/peer']) machine.certify(`${PKI_DIR}/${name}.crt`, peer);
}

export function writeKubeconfigs(machine: SimMachine, own: Own, { controlPlaneEndpoint }: ClusterDocument): void {
  const beside = `https://${own.advertiseAddress}:6443`;
  machine.configure(ADMIN_CONF, { server: `https://${controlPlaneEndpoint}`, clientCertificate: clientCertificate('kubernetes-admin') });
  machine.configure(CONTROLLER_MANAGER_CONF, { server: beside, clientCertificate: clientCertificate('system:kube-controller-manager') });
  machine.configure(SCHEDULER_CONF, { server: beside, clientCertificate: clientCertificate('system:kube-scheduler') });
}

const manifest = (command: readonly string[]): string => JSON.stringify({ spec: { containers: [{ command }] } });

/** A component's command: of a flag given in the shared configuration that one counts, not the node's own (kubeadm 3175); patches come last. */
function commandOf(component: string, defaults: Readonly<Record<string, string>>, extra: readonly { readonly name: string; readonly value: string }[] = []): readonly string[] {
  const flags = { ...defaults, ...Object.fromEntries(extra.map(({ name, value }) => [name, value])) };
  return [component, ...Object.entries(flags).map(([name, value]) => `--${name}=${value}`)];
}

/** What the patches of this machine add to the command of a component. */
function patchesOf(machine: SimMachine, component: ControlPlaneComponent): readonly string[] {
  const text = machine.text(componentPatch(component));
  const operations = text === '' ? [] : readYaml<readonly { readonly path: string; readonly value: string }[]>(text);
  return operations.flatMap(({ path, value }) => (path === COMMAND_END ? [value] : []));
}

function writeManifest(machine: SimMachine, component: ControlPlaneComponent, command: readonly string[]): void {
  machine.write(manifestPath(CONTROL_PLANE_PROGRAMS[component]), manifest([...command, ...patchesOf(machine, component)]));
}

/** Manifests of the API server, the controller manager and the scheduler. */
export function writeManifests(machine: SimMachine, own: Own, { apiServer, controllerManager, scheduler }: ClusterDocument): void {
  const address = { 'advertise-address': own.advertiseAddress ?? '', 'etcd-servers': 'https://127.0.0.1:2379' };
  writeManifest(machine, 'apiServer', commandOf('kube-apiserver', address, apiServer?.extraArgs));
  writeManifest(machine, 'controllerManager', commandOf('kube-controller-manager', { kubeconfig: CONTROLLER_MANAGER_CONF }, controllerManager?.extraArgs));
  writeManifest(machine, 'scheduler', commandOf('kube-scheduler', { kubeconfig: SCHEDULER_CONF }, scheduler?.extraArgs));
}

/** `others`: `name=peerURL` of the members that it joins; none where it begins. */
export function writeEtcdManifest(machine: SimMachine, own: Own, { document, others }: { readonly document: ClusterDocument; readonly others: readonly string[] }): void {
  const client = `https://${own.advertiseAddress}:2379`;
  const peer = `https://${own.advertiseAddress}:2380`;
  const flags = {
    name: own.name,
    'listen-client-urls': `https://127.0.0.1:2379,${client}`,
    'advertise-client-urls': client,
    'listen-peer-urls': peer,
    'initial-advertise-peer-urls': peer,
    'initial-cluster': [...others, `${own.name}=${peer}`].join(','),
    ...(others.length > 0 && { 'initial-cluster-state': 'existing' }),
  };
  writeManifest(machine, 'etcd', commandOf('etcd', flags, document.etcd?.local?.extraArgs));
}

/** The kubelet's own configuration, which is the shared one with this machine's patch, and its start with it. */
export function startKubelet(machine: SimMachine, own: Own, kubeletConfiguration: string): void {
  const patched = [kubeletConfiguration, machine.text(KUBELET_PATCH)].map((text) => (text === '' ? {} : readYaml<object>(text)));
  machine.write(KUBELET_CONFIG, JSON.stringify(Object.assign({}, ...patched)), { mode: '644' });
  machine.write(KUBELET_FLAGS, `KUBELET_KUBEADM_ARGS="${own.kubeletArgs.map(({ name, value }) => `--${name}=${value}`).join(' ')}"\n`, { mode: '644' });
  machine.start(KUBELET_UNIT);
}
