import { describe, expect, it } from 'vitest';
import type { ConfigurationKind, Component } from './flag-table.ts';
import { flagsOfHelp } from './flag-help.ts';
import { classifyField, classifyFlag, listedFlags, sharedArgs, unclassified } from './flag-table.ts';

const components = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'etcd', 'kubelet'] as const satisfies readonly Component[];

/** Known leaks: values of one node that were found in state that all share. */
const leakingFlags: readonly (readonly [Component, string])[] = [
  ['kube-apiserver', 'advertise-address'],
  ['kube-apiserver', 'bind-address'],
  ['kube-apiserver', 'peer-advertise-ip'],
  ['kube-apiserver', 'peer-advertise-port'],
  ['kube-apiserver', 'external-hostname'],
  ['kube-controller-manager', 'bind-address'],
  ['kube-controller-manager', 'flex-volume-plugin-dir'],
  ['etcd', 'advertise-client-urls'],
  ['etcd', 'initial-advertise-peer-urls'],
  ['etcd', 'listen-client-urls'],
  ['etcd', 'name'],
  ['etcd', 'initial-cluster'],
  ['kubelet', 'node-ip'],
  ['kubelet', 'hostname-override'],
  ['kubelet', 'provider-id'],
];
const leakingFields: readonly (readonly [ConfigurationKind, string])[] = [
  ...[
    'address',
    'healthzBindAddress',
    'tlsCertFile',
    'providerID',
    'registerWithTaints',
    'reservedSystemCPUs',
    'reservedMemory',
    'staticPodURL',
    'containerRuntimeEndpoint',
    'volumePluginDir',
    'resolvConf',
    'failCgroupV1',
    'failSwapOn',
    'memorySwap.swapBehavior',
  ].map((field) => ['KubeletConfiguration', field] as const),
  ...['hostnameOverride', 'bindAddress', 'healthzBindAddress', 'metricsBindAddress', 'nodePortAddresses', 'detectLocal.bridgeInterface'].map(
    (field) => ['KubeProxyConfiguration', field] as const,
  ),
];
const managedFlags: readonly (readonly [Component, string])[] = [
  ...[
    'anonymous-auth',
    'authentication-config',
    'authorization-mode',
    'authorization-config',
    'etcd-servers',
    'etcd-cafile',
    'service-cluster-ip-range',
    'tls-cert-file',
    'tls-private-key-file',
    'secure-port',
    'client-ca-file',
  ].map((flag) => ['kube-apiserver', flag] as const),
  ['kube-controller-manager', 'cluster-cidr'],
  ['kube-scheduler', 'kubeconfig'],
  ['etcd', 'data-dir'],
  ['kubelet', 'cgroup-driver'],
];

describe('the flag table', () => {
  it.each(leakingFlags)('gives %s --%s to one node', (component, flag) => {
    expect(classifyFlag(component, flag)).toMatchObject({ scope: 'node', listed: true });
  });

  it.each(leakingFields)('gives %s %s to one node', (kind, field) => {
    expect(classifyField(kind, field)).toMatchObject({ scope: 'node', listed: true });
  });

  it.each(managedFlags)('keeps %s --%s to itself', (component, flag) => {
    expect(classifyFlag(component, flag)).toMatchObject({ scope: 'managed', listed: true });
  });

  it.each(['advertise-address', '--advertise-address', 'advertise_address', '--Advertise_Address ', '-advertise-address'])('knows a flag written as %j', (written) => {
    expect(classifyFlag('kube-apiserver', written)).toMatchObject({ name: 'advertise-address', scope: 'node' });
  });

  it.each(['constructor', '__proto__', 'toString'])('takes no property of every object for an entry: %s', (name) => {
    expect(classifyFlag('kube-apiserver', name)).toMatchObject({ scope: 'cluster', listed: false });
    expect(classifyField('KubeletConfiguration', name)).toMatchObject({ scope: 'cluster', listed: false });
  });

  it('says of a field what it says of the field above it', () => {
    expect(classifyField('KubeletConfiguration', 'authentication.anonymous.enabled')).toMatchObject({ scope: 'managed' });
    expect(classifyField('KubeProxyConfiguration', 'conntrack.maxPerCore')).toMatchObject({ scope: 'managed' });
    expect(classifyField('KubeProxyConfiguration', 'conntrack.tcpEstablishedTimeout')).toMatchObject({ scope: 'cluster' });
  });

  it.each(components)('says for each flag of %s why, and where it belongs if it is not the cluster’s', (component) => {
    for (const flag of listedFlags(component)) {
      const { scope, reason, instead } = classifyFlag(component, flag);
      expect(reason, flag).toMatch(/\S/);
      expect(instead === undefined, flag).toBe(scope === 'cluster');
    }
  });
});

describe('a help text', () => {
  const help = `
Generic flags:

      --advertise-address ip     The IP address
      --new-endpoint string      The URL of something
                                 that is --new too
  -v, --verbosity int            How much to say
      --serving-name string      Name of this (DEPRECATED: This parameter should be set via the config file)
      --state string             Directory of the state
`;

  it('names the flags that someone has to decide about', () => {
    expect(unclassified('kube-apiserver', help)).toEqual(['new-endpoint', 'state']);
  });

  it('is read in the layout of etcd too', () => {
    const etcd = "Member:\n  --name 'default'\n    Human-readable name for this member.\n  --backup-to ''\n    Path to a directory.\n  --rounds '3'\n    A number.\n";
    expect(unclassified('etcd', etcd)).toEqual(['backup-to']);
  });

  it('may speak of a flag at the beginning of a line', () => {
    const etcd = "etcd [flags]\n    Times in the file (for\n    --rounds) are numbers.\n\nMember:\n  --rounds '3'\n    A number.\n";
    expect(flagsOfHelp(etcd)).toEqual([{ name: 'rounds', help: "'3' A number." }]);
  });
});

describe('the passage of flags into shared state', () => {
  it('lets the cluster’s pass and gives the others back with why', () => {
    const args = [
      { name: 'event-ttl', value: '2h' },
      { name: 'advertise_address', value: '10.0.0.11' },
      { name: 'etcd-servers', value: 'https://10.0.0.11:2379' },
    ];
    const { passed, refused } = sharedArgs('kube-apiserver', args);
    expect(passed).toEqual([args[0]]);
    expect(refused.map(({ arg, classification }) => [arg.name, classification.scope])).toEqual([
      ['advertise_address', 'node'],
      ['etcd-servers', 'managed'],
    ]);
  });
});
