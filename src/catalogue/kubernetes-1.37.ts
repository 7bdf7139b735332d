import { changedSettings, names } from '../model/known-settings.ts';
import { constant } from '../model/scope.ts';
import { kubernetes136 } from './kubernetes-1.36.ts';
import type { Release } from './release.ts';

/**
 * Kubernetes 1.37.2. etcd, CoreDNS and pause are what kubeadm 1.37.2 names (cmd/kubeadm/app/constants); agnhost is the version in test/images/agnhost/VERSION of that tag, crictl that of its
 * build/dependencies.yaml. The rest is what 1.36.3 runs with, and the toolchain too: both releases share those programs, in the cache and on machines.
 */
export const kubernetes137 = {
  kubernetes: '1.37.2',
  minor: '1.37',
  goToolchain: '1.26.8',
  versions: {
    kubernetes: '1.37.2',
    etcd: '3.7.0',
    coredns: '1.14.6',
    pause: '3.10.2',
    containerd: '2.3.4',
    runc: '1.4.3',
    'cni-plugins': '1.9.1',
    crictl: '1.36.0',
    flannel: '0.28.4',
    'flannel-cni-plugin': '0.9.1',
    'metrics-server': '0.9.0',
    agnhost: '2.66.1',
  },
  images: {
    'kube-apiserver': constant('registry.k8s.io/kube-apiserver:v1.37.2'),
    'kube-controller-manager': constant('registry.k8s.io/kube-controller-manager:v1.37.2'),
    'kube-scheduler': constant('registry.k8s.io/kube-scheduler:v1.37.2'),
    'kube-proxy': constant('registry.k8s.io/kube-proxy:v1.37.2'),
    etcd: constant('registry.k8s.io/etcd:3.7.0-0'),
    coredns: constant('registry.k8s.io/coredns/coredns:v1.14.6'),
    pause: constant('registry.k8s.io/pause:3.10.2'),
    flannel: constant('ghcr.io/flannel-io/flannel:v0.28.4'),
    'flannel-cni-plugin': constant('kubewright.dev/flannel-cni-plugin:v0.9.1'),
    'metrics-server': constant('registry.k8s.io/metrics-server/metrics-server:v0.9.0'),
    agnhost: constant('registry.k8s.io/e2e-test-images/agnhost:2.66.1'),
  },
  upstreamImages: kubernetes136.upstreamImages,
  settings: changedSettings(kubernetes136.settings, {
    flags: {
      'kube-controller-manager': { added: ['concurrent-disruption-syncs'], removed: ['concurrent-service-syncs'] },
      etcd: {
        added: [],
        removed: names([
          'experimental-bootstrap-defrag-threshold-megabytes experimental-compact-hash-check-enabled experimental-compact-hash-check-time experimental-compaction-batch-limit',
          'experimental-compaction-sleep-interval experimental-corrupt-check-time experimental-distributed-tracing-address experimental-distributed-tracing-instance-id',
          'experimental-distributed-tracing-sampling-rate experimental-distributed-tracing-service-name experimental-downgrade-check-time experimental-enable-distributed-tracing',
          'experimental-enable-lease-checkpoint experimental-enable-lease-checkpoint-persist experimental-initial-corrupt-check experimental-memory-mlock',
          'experimental-peer-skip-client-san-verification experimental-snapshot-catchup-entries experimental-stop-grpc-service-on-defrag experimental-txn-mode-write-with-shared-buffer',
          'experimental-warning-apply-duration experimental-warning-unary-request-duration experimental-watch-progress-notify-interval',
        ]),
      },
      // Flags of cAdvisor, which its library does not have any more.
      kubelet: {
        added: [],
        removed: names([
          'application-metrics-count-limit boot-id-file container-hints containerd containerd-namespace enable-load-reader event-storage-age-limit event-storage-event-limit',
          'global-housekeeping-interval log-cadvisor-usage machine-id-file storage-driver-buffer-duration storage-driver-db storage-driver-host storage-driver-password',
          'storage-driver-secure storage-driver-table storage-driver-user',
        ]),
      },
    },
    fields: { KubeletConfiguration: { added: { defaultPodSysctls: 'map of text' }, removed: [] } },
  }),
} as const satisfies Release;
