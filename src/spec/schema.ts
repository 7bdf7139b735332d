import { z } from 'zod';
import { isIPv4Address, parseRange } from '../model/ranges.ts';
import { roles } from '../model/cluster.ts';
import type { ProblemCode } from './problem-codes.ts';
import { LAST_PORT, isCertSan, isClusterName, isJump, isLabelKey, isLabelValue, isNodeName, isSshHost, isSshUser, isTaint, isUsablePath } from './value-forms.ts';
import { isMirrorUrl, isNoProxyEntry, isProxyUrl, isRegistryName, isRegistryUser, isVariableName } from './url-forms.ts';

/** Every form of a value names the problem code of what breaks it. */
const form = (code: ProblemCode, isRight: (text: string) => boolean): z.ZodString => z.string().refine(isRight, { error: code });

/** Ranges that count where the file names none. */
export const DEFAULT_RANGES = { podCIDR: '10.244.0.0/16', serviceCIDR: '10.96.0.0/16' } as const;

const scalar = z.union([z.string(), z.number(), z.boolean()]);

const extraArgs = z
  .record(z.string(), z.union([scalar, z.array(scalar).min(1)]))
  .describe('flags of the component by name, without "--"; a list gives the flag several times, in this order');

/** Of one program of a control plane. */
const component = z.strictObject({ extraArgs: extraArgs.default({}) });

const configuration = (describe: string) => z.record(z.string(), z.json()).default({}).describe(describe);

const network = z.strictObject({
  plugin: z.enum(['flannel', 'none']).default('flannel').describe('network plugin; none: you install one yourself'),
  podCIDR: form('range-invalid', isRange).default(DEFAULT_RANGES.podCIDR).describe('IPv4 range of the pods; each node gets a /24 of it; cannot change later'),
  serviceCIDR: form('range-invalid', isRange).default(DEFAULT_RANGES.serviceCIDR).describe('IPv4 range of the services; cannot change later'),
});

const user = form('ssh-user-invalid', isSshUser);
const identityFile = form('ssh-path-invalid', isUsablePath).optional();

const port = z.int().min(1, { error: 'port-invalid' }).max(LAST_PORT, { error: 'port-invalid' }).optional();
const jump = form('ssh-jump-invalid', isJump).optional();

const ssh = z.strictObject({
  user: user.default('root').describe('user that logs in on every node; one other than root becomes root with sudo'),
  port: port.describe('port of sshd on every node, where it is another than your own ssh configuration says'),
  jump: jump.describe(
    "hosts to jump through to every node, as ssh's -J takes them: [user@]host[:port], several with commas; they are logged in to as your own ssh configuration says",
  ),
  identityFile: identityFile.describe('private key; without it ssh chooses, as your own ssh configuration says'),
  knownHostsFile: form('ssh-path-invalid', isUsablePath).optional().describe('known host keys; without it those of your own ssh configuration'),
});

/** Ways to reach that several machines may share. */
const sharedReach = {
  user: user.optional().describe('user that logs in, in the place of that of spec.ssh'),
  port: port.describe('port of sshd, in the place of that of spec.ssh'),
  jump: jump.describe('hosts to jump through, in the place of those of spec.ssh; none: through no host'),
  identityFile: identityFile.describe('private key, in the place of that of spec.ssh'),
};

const labels = z.record(form('label-invalid', isLabelKey), form('label-invalid', isLabelValue)).default({});
const taints = z.array(form('taint-invalid', isTaint)).default([]);

const pool = z.strictObject({
  role: z.enum(roles).optional().describe('control-plane or worker'),
  labels: labels.describe('labels of each node object of the pool'),
  taints: taints.describe('taints of each node of the pool'),
  ssh: z.strictObject(sharedReach).optional().describe('how machines of the pool are reached'),
});

const node = z.strictObject({
  name: form('node-name-invalid', isNodeName).describe('Kubernetes node name; cannot change later'),
  address: form('address-invalid', isIPv4Address).describe('IPv4 address that other nodes use'),
  pool: z.string().optional().describe('name of the pool under spec.pools that this node takes its settings from; what the node says itself counts more'),
  role: z.enum(roles).optional().describe('control-plane or worker; may come from the pool'),
  labels: labels.describe('labels of the node object'),
  taints: taints.describe('key=value:Effect or key:Effect'),
  ssh: z
    .strictObject({ host: form('ssh-host-invalid', isSshHost).optional().describe('what ssh dials, where it is not the address that other nodes use'), ...sharedReach })
    .optional()
    .describe('how this machine is reached, where it differs from spec.ssh'),
  apiServer: component.optional().describe('node scope: flags of the API server of this control plane alone'),
  controllerManager: component.optional().describe('node scope: flags of the controller manager of this control plane alone'),
  scheduler: component.optional().describe('node scope: flags of the scheduler of this control plane alone'),
  etcd: component.optional().describe('node scope: flags of the etcd member of this control plane alone'),
  kubelet: z
    .strictObject({ config: configuration('fields of KubeletConfiguration for this node alone, over those of spec.kubelet.config') })
    .optional()
    .describe('node scope: the kubelet of this node'),
});

const controlPlane = z.strictObject({
  certSANs: z.array(form('san-invalid', isCertSan)).default([]).describe('further names and addresses in the certificate of every API server'),
  apiServer: component.prefault({}).describe('cluster scope: flags of every API server'),
  controllerManager: component.prefault({}).describe('cluster scope: flags of every controller manager'),
  scheduler: component.prefault({}).describe('cluster scope: flags of every scheduler'),
  etcd: component.prefault({}).describe('cluster scope: flags of every etcd member'),
});

const proxy = z.strictObject({
  httpProxy: form('proxy-url-invalid', isProxyUrl).optional().describe('URL of the proxy for http'),
  httpsProxy: form('proxy-url-invalid', isProxyUrl).optional().describe('URL of the proxy for https'),
  noProxy: z
    .array(form('no-proxy-invalid', isNoProxyEntry))
    .default([])
    .describe("names, domains, addresses and ranges that are reached without the proxy; the cluster's own are added"),
});

/** A secret is named, never written: what stands in its place is not told again. */
const secret = z.strictObject(
  {
    fromFile: form('secret-path-invalid', isUsablePath).optional().describe('file of the machine that kubewright runs on; line ends at its end do not count'),
    fromEnv: form('secret-variable-invalid', isVariableName).optional().describe('variable in the environment of kubewright'),
  },
  { error: ({ input, code }) => (input === undefined || code === 'unrecognized_keys' ? undefined : ('secret-written' satisfies ProblemCode)) },
);

const registry = z.strictObject({
  mirrors: z
    .array(form('mirror-url-invalid', isMirrorUrl))
    .default([])
    .describe('URLs that are asked before the registry itself, in this order; one with a path is taken whole as the root of the API, so that it ends in /v2 or has it within'),
  credentials: z
    .strictObject({
      username: form('registry-user-invalid', isRegistryUser).describe('name to log in with'),
      password: secret.describe('password or access token: { fromFile: PATH } or { fromEnv: NAME }'),
    })
    .optional()
    .describe('login of every node, sent to this registry alone; also where it is the mirror of another one'),
});

const distribution = z.strictObject({
  mode: z
    .enum(['push', 'pull'])
    .default('push')
    .describe(
      'push: programs and images are sent from the machine that kubewright runs on; pull: each machine fetches them itself, and runs nothing whose digest is not the planned one',
    ),
  mirror: form('mirror-url-invalid', isMirrorUrl)
    .optional()
    .describe('with pull: URL of a place that has programs as they are published, below dl.k8s.io and github.com; images come by spec.registries'),
});

const spec = z.strictObject({
  kubernetes: z.strictObject({ version: form('version-invalid', (text) => /^(0|[1-9]\d*)(\.(0|[1-9]\d*)){2}$/.test(text)).describe('exact release, like 1.36.3') }),
  endpoint: z.strictObject({ mode: z.literal('local').default('local').describe('local: a proxy on every node passes on to any healthy control plane') }).prefault({}),
  network: network.prefault({}),
  ssh: ssh.prefault({}),
  controlPlane: controlPlane.prefault({}),
  kubelet: z.strictObject({ config: configuration('fields of KubeletConfiguration for every node') }).prefault({}),
  kubeProxy: z.strictObject({ config: configuration('fields of KubeProxyConfiguration, which all nodes share') }).prefault({}),
  proxy: proxy.optional().describe('the way out of the network for the container runtime and the kubelet of every node'),
  distribution: distribution.prefault({}),
  registries: z.record(form('registry-name-invalid', isRegistryName), registry).default({}).describe("how every node's runtime reaches registries, by their names"),
  addons: z
    .strictObject({ metricsServer: z.strictObject({ enabled: z.boolean().default(true).describe('install metrics-server, which kubectl top needs') }).prefault({}) })
    .prefault({}),
  pools: z.record(form('pool-name-invalid', isClusterName), pool).default({}).describe('settings that several nodes share, by name'),
  nodes: z
    .array(node)
    .min(1, { error: 'no-control-plane' satisfies ProblemCode })
    .describe('the machines; their order means nothing'),
});

/** The cluster file, strict: a key that is not here is an error. */
export const clusterFileSchema = z.strictObject({
  apiVersion: z.literal('kubewright.dev/v1alpha1'),
  kind: z.literal('Cluster'),
  metadata: z.strictObject({ name: form('cluster-name-invalid', isClusterName).describe('name of the cluster; cannot change later') }),
  spec,
});

/** A valid cluster file with its defaults filled in. */
export type ClusterFile = z.output<typeof clusterFileSchema>;
export type NodeEntry = ClusterFile['spec']['nodes'][number];
export type PoolEntry = ClusterFile['spec']['pools'][string];
export type ProxyEntry = NonNullable<ClusterFile['spec']['proxy']>;
export type RegistryEntry = ClusterFile['spec']['registries'][string];
export type ExtraArgs = z.output<typeof extraArgs>;

function isRange(text: string): boolean {
  return parseRange(text) !== undefined;
}
