import { stringify } from 'yaml';
import type { AuditedMachine } from '../../facts/audit/audit-snapshot.ts';
import type { ComponentProcess, KubeconfigView, MachineCertificate, MachineFacts, ManifestFact } from '../../facts/audit/machine-facts.ts';
import { parseManifest } from '../../facts/audit/parse-manifest.ts';
import { yamlLeaves } from '../../facts/audit/yaml-leaves.ts';
import { known, unknown } from '../../plan/fact.ts';
import { sha256 } from '../../util/sha256.ts';

/** A machine of a healthy cluster of ours, with arguments, paths and files as a real one shows them. */
export interface OurNode {
  readonly name: string;
  readonly address: string;
  readonly isControlPlane: boolean;
}

export const ENDPOINT = 'https://api.dev.kubewright.internal:7443';
const PKI = '/etc/kubernetes/pki';
const MANIFESTS = '/etc/kubernetes/manifests';

const AUTHORITIES = { cluster: sha256('kubernetes'), etcd: sha256('etcd-ca'), frontProxy: sha256('front-proxy-ca') } as const;

export const KUBELET_CONFIG = [
  'apiVersion: kubelet.config.k8s.io/v1beta1',
  'authentication:',
  '  anonymous:',
  '    enabled: false',
  '  webhook:',
  '    enabled: true',
  '  x509:',
  '    clientCAFile: /etc/kubernetes/pki/ca.crt',
  'authorization:',
  '  mode: Webhook',
  'cgroupDriver: systemd',
  'clusterDNS:',
  '- 10.96.0.10',
  'clusterDomain: cluster.local',
  'healthzBindAddress: 127.0.0.1',
  'healthzPort: 10248',
  'kind: KubeletConfiguration',
  'resolvConf: /etc/resolv.conf',
  'rotateCertificates: true',
  'staticPodPath: /etc/kubernetes/manifests',
  '',
].join('\n');

/** Command lines of a control plane of kubeadm 1.36. `before`: members at the time of its join. */
function commandsOf({ name, address }: OurNode, before: readonly OurNode[]): Readonly<Record<string, readonly string[]>> {
  const conf = (component: string): readonly string[] =>
    ['authentication-kubeconfig', 'authorization-kubeconfig', 'kubeconfig'].map((flag) => `--${flag}=/etc/kubernetes/${component}.conf`);
  return {
    etcd: [
      ...['etcd', `--advertise-client-urls=https://${address}:2379`, `--cert-file=${PKI}/etcd/server.crt`, '--client-cert-auth=true', '--data-dir=/var/lib/etcd'],
      ...[`--initial-advertise-peer-urls=https://${address}:2380`, `--initial-cluster=${[...before].map((node) => `${node.name}=https://${node.address}:2380`).join(',')}`],
      ...[
        `--key-file=${PKI}/etcd/server.key`,
        `--listen-client-urls=https://127.0.0.1:2379,https://${address}:2379`,
        `--listen-peer-urls=https://${address}:2380`,
        `--name=${name}`,
      ],
      ...[`--peer-cert-file=${PKI}/etcd/peer.crt`, `--peer-key-file=${PKI}/etcd/peer.key`, `--peer-trusted-ca-file=${PKI}/etcd/ca.crt`, `--trusted-ca-file=${PKI}/etcd/ca.crt`],
    ],
    'kube-apiserver': [
      ...['kube-apiserver', `--advertise-address=${address}`, '--authorization-mode=Node,RBAC', `--client-ca-file=${PKI}/ca.crt`, '--enable-admission-plugins=NodeRestriction'],
      ...[
        `--etcd-cafile=${PKI}/etcd/ca.crt`,
        `--etcd-certfile=${PKI}/apiserver-etcd-client.crt`,
        `--etcd-keyfile=${PKI}/apiserver-etcd-client.key`,
        '--etcd-servers=https://127.0.0.1:2379',
      ],
      ...[`--kubelet-client-certificate=${PKI}/apiserver-kubelet-client.crt`, `--kubelet-client-key=${PKI}/apiserver-kubelet-client.key`],
      ...[
        `--proxy-client-cert-file=${PKI}/front-proxy-client.crt`,
        `--proxy-client-key-file=${PKI}/front-proxy-client.key`,
        `--requestheader-client-ca-file=${PKI}/front-proxy-ca.crt`,
      ],
      ...['--secure-port=6443', `--service-account-key-file=${PKI}/sa.pub`, `--service-account-signing-key-file=${PKI}/sa.key`, '--service-cluster-ip-range=10.96.0.0/16'],
      ...[`--tls-cert-file=${PKI}/apiserver.crt`, `--tls-private-key-file=${PKI}/apiserver.key`],
    ],
    'kube-controller-manager': [
      ...['kube-controller-manager', '--bind-address=127.0.0.1', '--cluster-cidr=10.244.0.0/16', ...conf('controller-manager'), `--root-ca-file=${PKI}/ca.crt`],
      ...[`--cluster-signing-cert-file=${PKI}/ca.crt`, `--cluster-signing-key-file=${PKI}/ca.key`, `--service-account-private-key-file=${PKI}/sa.key`],
    ],
    'kube-scheduler': ['kube-scheduler', '--bind-address=127.0.0.1', ...conf('scheduler')],
  };
}

function manifestOf(component: string, command: readonly string[]): ManifestFact {
  const text = stringify({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: component, namespace: 'kube-system' },
    spec: {
      containers: [{ name: component, image: `registry.k8s.io/${component}:v1.36.3`, command }],
      hostNetwork: true,
      volumes: [{ name: 'pki', hostPath: { path: PKI, type: 'DirectoryOrCreate' } }],
    },
  });
  const bytes = Buffer.from(text);
  return parseManifest({ path: `${MANIFESTS}/${component}.yaml`, sizeBytes: bytes.length, bytes });
}

function certificate(subject: string, change: Partial<MachineCertificate> = {}): MachineCertificate {
  return {
    subject: `CN=${subject}`,
    issuer: 'CN=kubernetes',
    names: [],
    addresses: [],
    notBefore: '2026-11-23T18:51:29.000Z',
    notAfter: '2027-11-23T18:56:29.000Z',
    fingerprint: sha256(`certificate of ${subject} ${change.addresses?.join() ?? ''}`),
    isCA: false,
    publicKey: sha256(`key of ${subject} ${change.addresses?.join() ?? ''}`),
    signedBy: [AUTHORITIES.cluster],
    ...change,
  };
}

function authority(subject: string, fingerprint: string): MachineCertificate {
  return certificate(subject, { issuer: `CN=${subject}`, isCA: true, notAfter: '2036-11-20T18:56:29.000Z', fingerprint, signedBy: [fingerprint] });
}

function certificatesOf({ name, address, isControlPlane }: OurNode): Readonly<Record<string, MachineCertificate>> {
  const ca = { [`${PKI}/ca.crt`]: authority('kubernetes', AUTHORITIES.cluster) };
  if (!isControlPlane) return ca;
  const etcd = { issuer: 'CN=etcd-ca', signedBy: [AUTHORITIES.etcd] };
  const serving = { ...etcd, names: [name, 'localhost'], addresses: [address, '127.0.0.1', '::1'] };
  return {
    ...ca,
    [`${PKI}/apiserver.crt`]: certificate('kube-apiserver', {
      names: ['api.dev.kubewright.internal', name, 'kubernetes', 'kubernetes.default', 'kubernetes.default.svc', 'kubernetes.default.svc.cluster.local'],
      addresses: ['10.96.0.1', address],
    }),
    [`${PKI}/apiserver-kubelet-client.crt`]: certificate(`kubelet-client-${name}`),
    [`${PKI}/apiserver-etcd-client.crt`]: certificate(`etcd-client-${name}`, etcd),
    [`${PKI}/front-proxy-ca.crt`]: authority('front-proxy-ca', AUTHORITIES.frontProxy),
    [`${PKI}/front-proxy-client.crt`]: certificate(`front-proxy-client-${name}`, { issuer: 'CN=front-proxy-ca', signedBy: [AUTHORITIES.frontProxy] }),
    [`${PKI}/etcd/ca.crt`]: authority('etcd-ca', AUTHORITIES.etcd),
    [`${PKI}/etcd/server.crt`]: certificate(`${name} server`, serving),
    [`${PKI}/etcd/peer.crt`]: certificate(`${name} peer`, serving),
  };
}

function publicKeysOf(certificates: Readonly<Record<string, MachineCertificate>>): MachineFacts['publicKeys'] {
  const ofCertificates = Object.entries(certificates).filter(([path, { isCA }]) => !isCA || path === `${PKI}/ca.crt`);
  const sa = known(sha256('service account'));
  return { ...Object.fromEntries(ofCertificates.map(([path, { publicKey }]) => [path.replace(/\.crt$/, '.key'), known(publicKey)])), [`${PKI}/sa.key`]: sa, [`${PKI}/sa.pub`]: sa };
}

function kubeconfigsOf({ name, address, isControlPlane }: OurNode): Readonly<Record<string, KubeconfigView>> {
  const kubeconfig = (server: string, subject: string): KubeconfigView => ({
    ...{ server, line: 5, tlsServerName: '', skipsVerification: false, authorities: [AUTHORITIES.cluster] },
    clientCertificate: certificate(subject),
  });
  const own = `https://${address}:6443`;
  const kubelet = `system:node:${name}`;
  if (!isControlPlane) return { '/etc/kubernetes/kubelet.conf': kubeconfig(ENDPOINT, kubelet) };
  return {
    '/etc/kubernetes/admin.conf': kubeconfig(ENDPOINT, 'kubernetes-admin'),
    '/etc/kubernetes/kubelet.conf': kubeconfig(own, kubelet),
    '/etc/kubernetes/controller-manager.conf': kubeconfig(own, 'system:kube-controller-manager'),
    '/etc/kubernetes/scheduler.conf': kubeconfig(own, 'system:kube-scheduler'),
  };
}

function processesOf(node: OurNode, commands: Readonly<Record<string, readonly string[]>>): readonly ComponentProcess[] {
  const kubelet = [
    ...['/usr/local/bin/kubelet', '--bootstrap-kubeconfig=/etc/kubernetes/bootstrap-kubelet.conf', '--kubeconfig=/etc/kubernetes/kubelet.conf'],
    ...['--config=/var/lib/kubelet/config.yaml', `--node-ip=${node.address}`],
  ];
  const all: readonly (readonly [component: string, args: readonly string[], unit: string])[] = [
    ...Object.entries(commands).map(([component, args]) => [component, args, ''] as const),
    ['kubelet', kubelet, 'kubelet.service'],
    ['containerd', ['/usr/local/bin/containerd'], 'containerd.service'],
    ['haproxy', ['/usr/sbin/haproxy', '-Ws', '-f', '/etc/kubewright/api-proxy.cfg'], 'kubewright-api-proxy.service'],
    ['kube-proxy', ['/usr/local/bin/kube-proxy', '--config=/var/lib/kube-proxy/config.conf', `--hostname-override=${node.name}`], ''],
  ];
  return all.map(([component, args, unit], index) => ({ component, pid: 1900 + index, startTicks: 324_331 + index, args, environment: {}, unit }));
}

/** The machine of a node in the cluster of `controlPlanes`, in the order in which they joined. */
export function ourMachine(node: OurNode, controlPlanes: readonly OurNode[]): AuditedMachine {
  const { name, address, isControlPlane } = node;
  const at = controlPlanes.findIndex((other) => other.name === name);
  const commands = isControlPlane ? commandsOf(node, controlPlanes.slice(0, at + 1)) : {};
  const certificates = certificatesOf(node);
  const parsed = yamlLeaves(KUBELET_CONFIG);
  const leaves = 'why' in parsed ? [] : parsed.leaves;
  const facts: MachineFacts = {
    identity: {
      hostname: name,
      machineId: sha256(`machine ${name}`).slice(0, 32),
      productUuid: unknown("in a container (systemd-nspawn) it is the host's"),
      sshHostKeys: [`ssh-ed25519 ${name}`],
    },
    container: 'systemd-nspawn',
    interfaces: [
      { name: 'lo', mac: '00:00:00:00:00:00', addresses: ['127.0.0.1', '::1'], floating: ['::1'] },
      { name: 'host0', mac: `f6:2f:89:3e:ad:${address.split('.').at(-1) ?? ''}`, addresses: [address], floating: [] },
      { name: 'cni0', mac: `d6:44:a6:13:98:${address.split('.').at(-1) ?? ''}`, addresses: [`10.244.${address.split('.').at(-1) ?? ''}.1`], floating: [] },
    ],
    processes: processesOf(node, commands),
    manifests: Object.entries(commands).map(([component, command]) => manifestOf(component, command)),
    kubeletConfig: known({ path: '/var/lib/kubelet/config.yaml', fields: Object.fromEntries(leaves.map(({ path, value, line }) => [path, { text: value, line }])) }),
    units: { 'kubelet.service': { environmentFiles: ['/var/lib/kubelet/kubeadm-flags.env', '/etc/default/kubelet'], allowedAddresses: [] } },
    marks: ['/etc/kubewright'],
    files: {
      '/etc/resolv.conf': { type: 'file' },
      '/run/systemd/resolve/resolv.conf': { type: 'absent' },
      ...(isControlPlane && { [PKI]: { type: 'directory' }, '/var/lib/etcd': { type: 'directory' } }),
    },
    directories: isControlPlane
      ? {
          '/etc/kubernetes': ['admin.conf', 'controller-manager.conf', 'kubelet.conf', 'manifests', 'pki', 'scheduler.conf'],
          [PKI]: ['apiserver.crt', 'apiserver.key', 'ca.crt', 'ca.key', 'etcd', 'sa.key', 'sa.pub'],
          [`${PKI}/etcd`]: ['ca.crt', 'ca.key', 'peer.crt', 'peer.key', 'server.crt', 'server.key'],
        }
      : { '/etc/kubernetes': ['kubelet.conf', 'manifests', 'pki'], [PKI]: ['ca.crt'] },
    certificates,
    publicKeys: isControlPlane ? publicKeysOf(certificates) : {},
    kubeconfigs: kubeconfigsOf(node),
    environmentFiles: {},
    balancers: [{ program: 'haproxy', path: '/etc/kubewright/api-proxy.cfg', upstreams: controlPlanes.map((each, index) => ({ text: `${each.address}:6443`, line: 24 + index })) }],
    joinFiles: [],
    names: { 'api.dev.kubewright.internal': ['127.0.0.1'] },
    answers: { [ENDPOINT]: true, ...(isControlPlane && { [`https://${address}:6443`]: true }) },
  };
  return { name, address, facts: known(facts) };
}
