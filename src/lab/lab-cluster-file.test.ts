import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { clusterFileOf } from './lab-cluster-file.ts';
import { labPaths } from './lab-paths.ts';
import type { LabState } from './lab-state.ts';

const LAB: LabState = {
  name: 'demo',
  index: 3,
  subnet: '10.88.3.0/24',
  rootfs: '/cache/rootfs',
  machines: [
    { name: 'cp-1', role: 'control-plane', address: '10.88.3.11' },
    { name: 'w-1', role: 'worker', address: '10.88.3.21' },
  ],
};

it('describes the lab and nothing of the host but its key files', () => {
  const { identityFile, knownHostsFile } = labPaths('demo');
  expect(clusterFileOf(LAB).replace(identityFile, 'KEY').replace(knownHostsFile, 'KNOWN_HOSTS')).toMatchInlineSnapshot(`
    "apiVersion: kubewright.dev/v1alpha1
    kind: Cluster
    metadata:
      name: demo
    spec:
      kubernetes:
        version: 1.36.3
      endpoint:
        mode: local
      network:
        plugin: flannel
        podCIDR: 10.244.0.0/16
        serviceCIDR: 10.96.0.0/16
      ssh:
        user: root
        identityFile: KEY
        knownHostsFile: KNOWN_HOSTS
      addons:
        metricsServer:
          enabled: true
      nodes:
        - name: cp-1
          address: 10.88.3.11
          role: control-plane
        - name: w-1
          address: 10.88.3.21
          role: worker
    "
  `);
});

it('keeps the version a text', () => {
  expect(parse(clusterFileOf(LAB))).toMatchObject({ spec: { kubernetes: { version: '1.36.3' } } });
});
