import { kubectl, kubectlJson } from '../operator-kubectl.ts';
import {
  CLUSTER_INFO,
  KUBEADM_CONFIG,
  KUBELET_CONFIG,
  KUBE_PROXY_CONFIG,
  KUBE_PROXY_KUBECONFIG,
  addressOf,
  addressOfNobody,
  changeDocument,
  changeEntry,
  createObject,
} from './corruption.ts';
import type { Corruption, Entry, Tree, Undo, World } from './corruption.ts';

async function withArg(world: World, component: 'apiServer' | 'etcd', name: string, value: string): Promise<Undo> {
  return changeDocument(world, KUBEADM_CONFIG, (document) => {
    const under = component === 'etcd' ? ((document['etcd'] as Tree)['local'] as Tree) : ((document['apiServer'] ??= {}) as Tree);
    under['extraArgs'] = [...((under['extraArgs'] ?? []) as readonly object[]), { name, value }];
  });
}

async function withServer(world: World, entry: Entry, address: string): Promise<Undo> {
  return changeEntry(world, entry, (text) => text.replace(/server: \S+/, `server: https://${address}:6443`));
}

async function removeClusterInfo({ operator }: World): Promise<Undo> {
  const { namespace, name } = CLUSTER_INFO;
  const { data } = await kubectlJson<{ readonly data: object }>(operator, 'get', 'configmap', name, '--namespace', namespace);
  await kubectl(operator, 'delete', 'configmap', name, '--namespace', namespace);
  return async () => createObject(operator, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data });
}

/** One value of a node, in what all nodes share. */
export const sharedCorruptions: readonly Corruption[] = [
  {
    wrong: 'advertise-address in kubeadm-config',
    code: 'shared-advertise-address',
    spoil: async (world) => withArg(world, 'apiServer', 'advertise-address', addressOf(world, 'cp-1')),
  },
  { wrong: 'bind-address in kubeadm-config', code: 'shared-bind-address', spoil: async (world) => withArg(world, 'apiServer', 'bind-address', addressOf(world, 'cp-2')) },
  { wrong: 'a bind-address of nobody', code: 'shared-bind-address', spoil: async (world) => withArg(world, 'apiServer', 'bind-address', addressOfNobody(world)) },
  {
    wrong: "a member's client URL in kubeadm-config",
    code: 'shared-etcd-identity',
    spoil: async (world) => withArg(world, 'etcd', 'advertise-client-urls', `https://${addressOf(world, 'cp-1')}:2379`),
  },
  {
    wrong: 'peer-advertise-ip in kubeadm-config',
    code: 'shared-node-flag',
    spoil: async (world) => withArg(world, 'apiServer', 'peer-advertise-ip', addressOf(world, 'cp-1')),
  },
  {
    wrong: 'one control plane as the endpoint',
    code: 'endpoint-of-one-node',
    spoil: async (world) =>
      changeDocument(world, KUBEADM_CONFIG, (document) => {
        document['controlPlaneEndpoint'] = `${addressOf(world, 'cp-1')}:6443`;
      }),
  },
  { wrong: 'cluster-info of one control plane', code: 'cluster-info-of-one-node', spoil: async (world) => withServer(world, CLUSTER_INFO, addressOf(world, 'cp-3')) },
  {
    wrong: 'cluster-info of a control plane that does not answer',
    code: 'cluster-info-of-one-node',
    spoil: async (world) => withServer(world, CLUSTER_INFO, addressOfNobody(world)),
  },
  { wrong: 'no cluster-info', code: 'shared-object-broken', spoil: removeClusterInfo },
  { wrong: 'kube-proxy of one control plane', code: 'kube-proxy-of-one-node', spoil: async (world) => withServer(world, KUBE_PROXY_KUBECONFIG, addressOf(world, 'cp-1')) },
  {
    wrong: 'hostnameOverride in kube-proxy',
    code: 'hostname-override-shared',
    spoil: async (world) =>
      changeDocument(world, KUBE_PROXY_CONFIG, (document) => {
        document['hostnameOverride'] = 'cp-1';
      }),
  },
  {
    wrong: 'an address in kube-proxy',
    code: 'shared-kube-proxy-field',
    spoil: async (world) =>
      changeDocument(world, KUBE_PROXY_CONFIG, (document) => {
        document['bindAddress'] = addressOf(world, 'cp-2');
      }),
  },
  {
    wrong: 'node port addresses of one machine',
    code: 'shared-kube-proxy-field',
    spoil: async (world) =>
      changeDocument(world, KUBE_PROXY_CONFIG, (document) => {
        document['nodePortAddresses'] = [`${addressOf(world, 'cp-1')}/32`];
      }),
  },
  {
    wrong: 'an address in kubelet-config',
    code: 'shared-kubelet-field',
    spoil: async (world) =>
      changeDocument(world, KUBELET_CONFIG, (document) => {
        document['address'] = addressOf(world, 'cp-1');
      }),
  },
  {
    wrong: 'a dead address in kubelet-config',
    code: 'shared-kubelet-field',
    spoil: async (world) =>
      changeDocument(world, KUBELET_CONFIG, (document) => {
        document['address'] = addressOfNobody(world);
      }),
  },
  {
    wrong: "systemd-resolved's file in kubelet-config, where each kubelet has its own",
    code: 'shared-resolver',
    spoil: async (world) =>
      changeDocument(world, KUBELET_CONFIG, (document) => {
        document['resolvConf'] = '/run/systemd/resolve/resolv.conf';
      }),
  },
  { wrong: 'a kubelet-config that is no YAML', code: 'shared-object-broken', spoil: async (world) => changeEntry(world, KUBELET_CONFIG, () => 'a: [b\nc: }') },
  {
    wrong: 'names of two of three control planes in certSANs',
    code: 'cert-sans-stale',
    spoil: async (world) =>
      changeDocument(world, KUBEADM_CONFIG, (document) => {
        ((document['apiServer'] ??= {}) as Tree)['certSANs'] = ['k8s.example.com', 'cp-1', addressOf(world, 'cp-2')];
      }),
  },
  {
    wrong: 'a version in kubeadm-config that runs nowhere',
    code: 'kubeadm-config-version',
    spoil: async (world) =>
      changeDocument(world, KUBEADM_CONFIG, (document) => {
        document['kubernetesVersion'] = 'v1.36.1';
      }),
  },
];
