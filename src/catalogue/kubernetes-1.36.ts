import { constant } from '../model/scope.ts';
import { flags136 } from './flags-1.36.ts';
import { kubeProxyFields136 } from './kube-proxy-fields-1.36.ts';
import { kubeletFields136 } from './kubelet-fields-1.36.ts';
import type { Release } from './release.ts';

/**
 * Kubernetes 1.36.3. etcd, CoreDNS and pause are what kubeadm 1.36.3 names (cmd/kubeadm/app/constants); agnhost is the version in test/images/agnhost/VERSION of that
 * tag; flannel's is the version its manifest names.
 */
export const kubernetes136 = {
  kubernetes: '1.36.3',
  minor: '1.36',
  goToolchain: '1.26.8',
  versions: {
    kubernetes: '1.36.3',
    etcd: '3.6.8',
    coredns: '1.14.2',
    pause: '3.10.2',
    containerd: '2.3.4',
    runc: '1.4.3',
    'cni-plugins': '1.9.1',
    crictl: '1.36.0',
    flannel: '0.28.4',
    'flannel-cni-plugin': '0.9.1',
    'metrics-server': '0.9.0',
    agnhost: '2.63.0',
  },
  images: {
    'kube-apiserver': constant('registry.k8s.io/kube-apiserver:v1.36.3'),
    'kube-controller-manager': constant('registry.k8s.io/kube-controller-manager:v1.36.3'),
    'kube-scheduler': constant('registry.k8s.io/kube-scheduler:v1.36.3'),
    'kube-proxy': constant('registry.k8s.io/kube-proxy:v1.36.3'),
    etcd: constant('registry.k8s.io/etcd:3.6.8-0'),
    coredns: constant('registry.k8s.io/coredns/coredns:v1.14.2'),
    pause: constant('registry.k8s.io/pause:3.10.2'),
    flannel: constant('ghcr.io/flannel-io/flannel:v0.28.4'),
    // A name of our own: upstream's is ghcr.io/flannel-io/flannel-cni-plugin:v1.9.1-flannel1, whose code is not to be had as a Go module. Inside is the plugin as
    // containernetworking/plugins 0.9.1, its former home, has it, and a name says what is inside.
    'flannel-cni-plugin': constant('kubewright.dev/flannel-cni-plugin:v0.9.1'),
    'metrics-server': constant('registry.k8s.io/metrics-server/metrics-server:v0.9.0'),
    agnhost: constant('registry.k8s.io/e2e-test-images/agnhost:2.63.0'),
  },
  upstreamImages: { 'flannel-cni-plugin': constant('ghcr.io/flannel-io/flannel-cni-plugin:v1.9.1-flannel1') },
  settings: { flags: flags136, fields: { KubeletConfiguration: kubeletFields136, KubeProxyConfiguration: kubeProxyFields136 } },
} as const satisfies Release;
