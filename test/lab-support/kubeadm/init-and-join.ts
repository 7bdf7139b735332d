import { randomBytes } from 'node:crypto';
import { stringify } from 'yaml';
import { command, quote } from '../../../src/shell/quote.ts';
import { read } from '../on-machine.ts';
import type { Machine } from '../test-lab.ts';
import { POD_CIDR } from './flannel.ts';
import { testedRelease } from './install-machine.ts';
import { AUDIT_DIRECTORY, AUDIT_POLICY, PATCHES, STABLE_ENDPOINT } from './machine-files.ts';

const KUBEADM_API = 'kubeadm.k8s.io/v1beta4';
const API_SERVER_PORT = 6443;
const CONFIG = '/root/kubeadm.yaml';
const DEADLINE_MS = 300_000;
/** It refuses cgroup v1, which lab machines may have. */
const IGNORED = 'SystemVerification';

/** What is wrong with a cluster of the story, made by the settings that people have given to kubeadm. */
export type Flaw =
  /** L0: `advertise-address` of the first control plane in ClusterConfiguration; its endpoint is a stable name. */
  | 'shared-advertise-address'
  /** L1 to L6: no load balancer, so `controlPlaneEndpoint` is the first control plane, and kubeadm writes that everywhere. */
  | 'endpoint-of-one-node'
  /** Nothing, as far as kubeadm lets: a stable name and no flag. */
  | 'none';

export interface KubeadmSecrets {
  readonly token: string;
  readonly certificateKey: string;
}

const hex = (bytes: number): string => randomBytes(bytes).toString('hex');

export function newSecrets(): KubeadmSecrets {
  return { token: `${hex(3)}.${hex(8)}`, certificateKey: hex(32) };
}

/** Where a cluster with this flaw is asked. */
export function endpointOf(flaw: Flaw, first: Machine): string {
  return flaw === 'endpoint-of-one-node' ? `${first.address}:${API_SERVER_PORT}` : `${STABLE_ENDPOINT.host}:${STABLE_ENDPOINT.port}`;
}

function initDocuments(first: Machine, flaw: Flaw, { token, certificateKey }: KubeadmSecrets): readonly object[] {
  return [
    {
      ...{ apiVersion: KUBEADM_API, kind: 'InitConfiguration', certificateKey, bootstrapTokens: [{ token }], patches: { directory: PATCHES } },
      localAPIEndpoint: { advertiseAddress: first.address, bindPort: API_SERVER_PORT },
      nodeRegistration: { name: first.name, ignorePreflightErrors: [IGNORED] },
    },
    {
      ...{ apiVersion: KUBEADM_API, kind: 'ClusterConfiguration', clusterName: 'story', kubernetesVersion: `v${testedRelease().kubernetes}` },
      controlPlaneEndpoint: endpointOf(flaw, first),
      networking: { podSubnet: POD_CIDR },
      apiServer: {
        extraArgs: [
          // As the flawed template had it: one line, for all control planes, with the address of one.
          ...(flaw === 'shared-advertise-address' ? [{ name: 'advertise-address', value: first.address }] : []),
          { name: 'audit-policy-file', value: AUDIT_POLICY },
          { name: 'audit-log-path', value: '-' },
        ],
        extraVolumes: [{ name: 'audit', hostPath: AUDIT_DIRECTORY, mountPath: AUDIT_DIRECTORY, readOnly: true, pathType: 'Directory' }],
      },
    },
    { apiVersion: 'kubelet.config.k8s.io/v1beta1', kind: 'KubeletConfiguration', cgroupDriver: 'systemd' },
    { apiVersion: 'kubeproxy.config.k8s.io/v1alpha1', kind: 'KubeProxyConfiguration', mode: 'iptables', conntrack: { maxPerCore: 0, min: 0 } },
  ];
}

/** kubeadm init; variables as the shell of the person who types it has them. */
export async function kubeadmInit(first: Machine, flaw: Flaw, secrets: KubeadmSecrets, environment: Readonly<Record<string, string>> = {}): Promise<void> {
  const text = initDocuments(first, flaw, secrets)
    .map((document) => stringify(document, { defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'PLAIN' }))
    .join('---\n');
  const exports = Object.entries(environment).map(([name, value]) => `export ${name}=${quote(value)}`);
  await read(first, [`cat > ${CONFIG} <<'END'\n${text}END`, ...exports, `kubeadm init --config ${CONFIG} --upload-certs`].join('\n'), { deadlineMs: DEADLINE_MS, isSecret: true });
}

/** The pin of the cluster's CA, as kubeadm wants it. */
export async function authorityPin(controlPlane: Machine): Promise<string> {
  const digest = 'openssl x509 -pubkey -noout -in /etc/kubernetes/pki/ca.crt | openssl pkey -pubin -outform der 2> /dev/null | openssl dgst -sha256';
  return `sha256:${(await read(controlPlane, digest)).trim().split(' ').at(-1)}`;
}

export interface JoinCommand {
  readonly endpoint: string;
  readonly token: string;
  readonly pin: string;
  /** A control plane then; a worker without. */
  readonly certificateKey?: string;
}

/** kubeadm join by flags alone; a control plane is told its own address to advertise. */
export async function kubeadmJoin(machine: Machine, { endpoint, token, pin, certificateKey }: JoinCommand): Promise<void> {
  const words = ['kubeadm', 'join', endpoint, '--token', token, '--discovery-token-ca-cert-hash', pin, '--node-name', machine.name];
  const asControlPlane = certificateKey === undefined ? [] : ['--control-plane', '--certificate-key', certificateKey, '--apiserver-advertise-address', machine.address];
  await read(machine, command(...words, ...asControlPlane, `--ignore-preflight-errors=${IGNORED}`, '--patches', PATCHES), { deadlineMs: DEADLINE_MS, isSecret: true });
}
