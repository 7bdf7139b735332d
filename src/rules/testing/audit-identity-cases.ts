import { known } from '../../plan/fact.ts';
import type { AuditCase } from './audit-case.ts';
import { broken, cluster, on, setFlag } from './audit-changes.ts';

/** Two machines that pass for one, or one that the cluster knows wrongly. */
export const identityCases: readonly AuditCase[] = [
  [
    'one machine-id',
    broken((draft) => {
      on(draft, 'w-1').identity.machineId = on(draft, 'cp-1').identity.machineId;
    }),
    'same-machine-id',
    'error',
    'machine-id of cp-1 and w-1',
  ],
  [
    'one product_uuid',
    broken((draft) => {
      for (const name of ['cp-1', 'cp-2']) on(draft, name).identity.productUuid = known('4c4c4544');
    }),
    'same-product-uuid',
    'error',
    'cp-1 and cp-2 is 4c4c4544',
  ],
  [
    'one MAC',
    broken((draft) => {
      on(draft, 'w-1').interfaces[1]!.mac = on(draft, 'cp-1').interfaces[1]!.mac;
    }),
    'same-mac',
    'error',
    'MAC of cp-1 and w-1',
  ],
  [
    'one SSH host key',
    broken((draft) => {
      on(draft, 'w-1').identity.sshHostKeys = [...on(draft, 'cp-3').identity.sshHostKeys];
    }),
    'same-ssh-host-key',
    'error',
    'cp-3 and w-1',
  ],
  [
    'one host name',
    broken((draft) => {
      on(draft, 'w-1').identity.hostname = 'cp-1';
    }),
    'same-hostname',
    'error',
    'host name of cp-1 and w-1 is cp-1',
  ],
  ["another's node-ip", broken((draft) => setFlag(draft, 'w-1', ['kubelet', 'node-ip'], '10.88.210.11')), 'node-ip-foreign', 'error', '--node-ip=10.88.210.11 is on no interface'],
  [
    "another's InternalIP",
    broken((draft) => {
      cluster(draft).nodes['w-1']!.internalIPs = ['10.88.210.99'];
    }),
    'node-ip-foreign',
    'error',
    'the InternalIP of the Node object is 10.88.210.99',
  ],
  [
    'a node that is not Ready',
    broken((draft) => {
      cluster(draft).nodes['w-1']!.isReady = false;
    }),
    'node-not-ready',
    'error',
    'node w-1',
  ],
  [
    'a machine without a Node object',
    broken((draft) => {
      delete cluster(draft).nodes['w-1'];
      cluster(draft).workloads['kube-system/Deployment/coredns']!.podNodes = ['cp-2', 'cp-3'];
      cluster(draft).pods = cluster(draft).pods.filter(({ node }) => node !== 'w-1');
    }),
    'half-joined-node',
    'error',
    'kubelet of this cluster on a machine without a Node object',
  ],
  [
    'a control plane without its label',
    broken((draft) => {
      cluster(draft).nodes['cp-3']!.isControlPlane = false;
    }),
    'half-joined-node',
    'error',
    'no label',
  ],
  [
    'a kubelet that lets everybody in',
    broken((draft) => {
      const config = on(draft, 'w-1').kubeletConfig;
      if (config.state === 'known') config.value.fields['authentication.anonymous.enabled'] = { text: 'true', line: 4 };
    }),
    'kubelet-insecure',
    'warning',
    'config.yaml:4: authentication.anonymous.enabled is true',
  ],
  [
    'an API server that asks nobody',
    broken((draft) => {
      for (const name of ['cp-1', 'cp-2', 'cp-3']) setFlag(draft, name, ['kube-apiserver', 'authorization-mode'], 'AlwaysAllow');
    }),
    'api-server-insecure',
    'warning',
    '--authorization-mode=AlwaysAllow',
  ],
];
