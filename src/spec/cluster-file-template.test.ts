import { describe, expect, it } from 'vitest';
import { releases } from '../catalogue/catalogue.ts';
import type { ClusterFileChoices } from './cluster-file-template.ts';
import { clusterFileTemplate } from './cluster-file-template.ts';
import { loadCluster } from './load-cluster.ts';
import { DEFAULT_RANGES } from './schema.ts';

const choices: ClusterFileChoices = {
  name: 'demo',
  kubernetesVersion: '1.36.3',
  ...DEFAULT_RANGES,
  user: 'root',
  identityFile: '~/.ssh/id_ed25519',
  nodes: [
    { name: 'cp-1', address: '10.0.0.11', role: 'control-plane' },
    { name: 'w-1', address: '10.0.0.21', role: 'worker' },
  ],
};
const load = (text: string) => loadCluster(text, 'cluster.yaml', { releases, home: '/home/ops' });

describe('clusterFileTemplate', () => {
  it('is a file that people can read', () => {
    expect(clusterFileTemplate(choices)).toMatchInlineSnapshot(`
      "# A cluster of kubewright. Next: kubewright plan shows what would be done, kubewright apply does it.
      # Every key is described in docs/cluster-file.md. What is commented out could stand there.
      # For editors: kubewright schema > cluster.schema.json, and as the first line of this file
      # # yaml-language-server: $schema=cluster.schema.json

      apiVersion: kubewright.dev/v1alpha1
      kind: Cluster
      metadata:
        # Part of the endpoint's name, api.NAME.kubewright.internal; cannot change later.
        name: demo
      spec:
        kubernetes:
          version: 1.36.3

        # Ranges that the nodes' own network does not use; they cannot change later. Each node gets a /24 of the pods' range.
        network:
          plugin: flannel
          podCIDR: 10.244.0.0/16
          serviceCIDR: 10.96.0.0/16

        # How this machine reaches the nodes; port, jump and knownHostsFile could stand here too. What is absent is left to your own ssh configuration: keys, agents, bastions, known hosts.
        ssh:
          user: root
          identityFile: ~/.ssh/id_ed25519

        # Names by which people reach the API servers from outside, for their certificates; flags of every control plane, those of one stand under its node.
        # controlPlane:
        #   certSANs:
        #     - k8s.example.com
        #   apiServer:
        #     extraArgs:
        #       event-ttl: 2h
        #   etcd:
        #     extraArgs:
        #       quota-backend-bytes: 4294967296

        # Fields of KubeletConfiguration, for every node; those of one stand under it, as kubelet.
        # kubelet:
        #   config:
        #     maxPods: 200

        # Settings that several nodes share: a node takes them with pool: storage in the place of its role.
        # pools:
        #   storage:
        #     role: worker
        #     labels:
        #       disk: fast
        #     taints:
        #       - example.com/dedicated=storage:NoSchedule

        # How every node reaches registries; the password is named, never written. spec.proxy has the way out of the network.
        # registries:
        #   registry.example.com:
        #     credentials:
        #       username: nodes
        #       password:
        #         fromFile: ./registry-password

        # kubectl top needs metrics-server; it is on unless this says otherwise.
        # addons:
        #   metricsServer:
        #     enabled: false

        # The machines; their order means nothing. The address is the one that other nodes use.
        nodes:
          - { name: cp-1, address: 10.0.0.11, role: control-plane }
          - { name: w-1, address: 10.0.0.21, role: worker }
      "
    `);
  });

  it('is valid, and says what was chosen', () => {
    const result = load(clusterFileTemplate(choices));
    if (!result.ok) throw new Error(JSON.stringify(result.problems));
    expect(result.cluster.nodes.map(({ name, role, address }) => [name, role, address.openFor(name)])).toEqual(
      choices.nodes.map(({ name, role, address }) => [name, role, address]),
    );
    expect(result.cluster.ssh).toMatchObject({ user: 'root', identityFile: '/home/ops/.ssh/id_ed25519' });
  });

  it('is valid with everything that is commented out, too', () => {
    const text = clusterFileTemplate(choices).replaceAll(/^ {2}# ( *(?:[a-z][\w.-]*:( .+)?|- .+))$/gm, '  $1');
    expect(text).toMatch(/^ {2}controlPlane:$[\s\S]*^ {6}- k8s\.example\.com$[\s\S]*^ {2}addons:$/m);
    expect(load(text)).toMatchObject({ ok: true, warnings: [] });
  });

  it('keeps words that other readers of YAML take for something else', () => {
    expect(clusterFileTemplate({ ...choices, name: 'on' })).toContain('name: "on"');
  });
});
