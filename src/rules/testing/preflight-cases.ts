import type { PlatformFacts } from '../../facts/host-facts.ts';
import type { PortTry } from '../../facts/network/network-facts.ts';
import type { PreflightInput } from '../preflight/preflight-input.ts';
import type { Severity } from '../finding.ts';
import { hostPackages } from '../../catalogue/host-packages.ts';
import { readyInput, withFact, withGround, withMachine, withNetwork } from './preflight-bare.ts';

/** A wrong thing, the one code that tells it, its severity, the node it is told of, a part of its evidence. */
export type PreflightCase = readonly [wrong: string, input: PreflightInput, code: string, severity: Severity, node: string | undefined, evidence: string];

const platform = (name: string, change: Partial<PlatformFacts>): PreflightInput => withMachine(name, (host) => ({ platform: { ...host.platform, ...change } }));
const MEBIBYTE = 2 ** 20;
const EARLIER_MS = 10 * 60 * 1000;

function withTry(name: string, to: string, outcome: PortTry['outcome']): PreflightInput {
  return withNetwork(name, ({ ports }) => ({ ports: ports.map((each) => (each.to === to && each.port === 6443 ? { ...each, outcome } : each)) }));
}

function withTwin(field: 'hostname' | 'machineId'): PreflightInput {
  return withMachine('w-1', ({ identity }) => ({ identity: { ...identity, [field]: field === 'hostname' ? 'cp-2' : 'id of cp-2' } }));
}

const ALL_PACKAGES: Readonly<Record<string, string>> = Object.fromEntries(hostPackages.map((name) => [name, '1.0']));

/** One machine lacks that package, the others have all. */
function withoutPackage(name: string, lacking: string): PreflightInput {
  const hosts = Object.entries(readyInput.snapshot.hosts).map(([lane, fact]) => {
    const packages = lane === name ? { ...ALL_PACKAGES, [lacking]: undefined } : ALL_PACKAGES;
    return [lane, fact.state === 'known' ? { ...fact, value: { ...fact.value, packages } } : fact] as const;
  });
  return { ...readyInput, snapshot: { ...readyInput.snapshot, hosts: Object.fromEntries(hosts) } };
}

const fromBundle = (from: PreflightInput['packages']['from']): PreflightInput['packages'] => ({ from });

const clockAt = (ms: number): PreflightInput => withGround('cp-3', ['clock|1795613769658', `clock|${ms}`]);
const NOW_MS = 1_795_613_769_658;

/** One thing that is wrong with one of four machines. */
export const preflightCases: readonly PreflightCase[] = [
  [
    'a machine that is down',
    withFact('w-1', { state: 'unreachable', why: 'w-1 (10.0.0.21) did not answer in time', advice: 'ssh: connect to host: timed out\nnext: check that the machine is on' }),
    'machine-not-reached',
    'error',
    'w-1',
    'timed out',
  ],
  [
    'a user whom sudo does not let in',
    withFact('w-1', {
      state: 'unreachable',
      code: 'sudo-refused',
      why: 'w-1 (10.0.0.21) does not let ops become root with sudo',
      advice: 'ops is not in the sudoers file.\nnext: let ops run every command as root there',
    }),
    'sudo-refused',
    'error',
    'w-1',
    'ops is not in the sudoers file.',
  ],
  ['a user that is not root', withGround('w-1', ['user|0', 'user|1000']), 'root-rights-missing', 'error', 'w-1', 'id -u says 1000'],
  ['another first process', withGround('w-1', ['systemd|yes\n', '']), 'systemd-missing', 'error', 'w-1', '/run/systemd/system'],
  ['no package manager', withGround('w-1', ['manager|apt\n', '']), 'os-unsupported', 'error', 'w-1', 'it is Debian GNU/Linux 12 (bookworm) and has no apt-get'],
  ['packages that nobody has', { ...withoutPackage('w-1', 'socat'), packages: fromBundle('nowhere') }, 'packages-out-of-reach', 'error', 'w-1', 'it lacks socat, and'],
  [
    'packages of another release',
    { ...withoutPackage('w-1', 'haproxy'), packages: fromBundle({ osId: 'debian', osVersion: '11' }) },
    'packages-out-of-reach',
    'error',
    'w-1',
    "it lacks haproxy; it is Debian GNU/Linux 12 (bookworm), and the bundle's packages are for debian 11",
  ],
  ['another processor', platform('w-1', { architecture: 'aarch64' }), 'architecture-differs', 'error', 'w-1', 'it is arm64, artifacts are for amd64'],
  ['little memory of a control plane', platform('cp-1', { memoryBytes: 1600 * MEBIBYTE }), 'memory-low', 'error', 'cp-1', 'it has 1600 MiB, a control plane needs 1700 MiB'],
  ['too little memory of a worker', platform('w-1', { memoryBytes: 899 * MEBIBYTE }), 'memory-low', 'error', 'w-1', 'it has 899 MiB, a worker needs 900 MiB'],
  ['little memory of a worker', platform('w-1', { memoryBytes: 970 * MEBIBYTE }), 'memory-low', 'warning', 'w-1', 'it has 970 MiB'],
  ['one processor', platform('cp-1', { cpus: 1 }), 'cpus-few', 'error', 'cp-1', 'it has 1'],
  ['cgroup v1', platform('w-1', { cgroup: 'v1' }), 'cgroup-unfit', 'notice', 'w-1', 'cgroup v1 is mounted'],
  ['no memory controller', withGround('w-1', ['io memory', 'io']), 'cgroup-unfit', 'error', 'w-1', 'lacks memory'],
  ['a kernel that nobody maintains', platform('w-1', { kernel: '5.14.0-4-amd64' }), 'kernel-unsupported', 'warning', 'w-1', '5.14.0-4-amd64'],
  ['a kernel without vxlan', withGround('w-1', ['vxlan|yes', 'vxlan|no']), 'kernel-feature-missing', 'error', 'w-1', 'vxlan is neither built in'],
  [
    'an address of somebody else',
    withMachine('w-1', () => ({ addresses: [{ interface: 'eth0', address: '10.0.0.99', prefixLength: 24 }] })),
    'address-elsewhere',
    'error',
    'w-1',
    '10.0.0.21 is not among 10.0.0.99',
  ],
  ['a host name with an underscore', withMachine('w-1', ({ identity }) => ({ identity: { ...identity, hostname: 'Worker_1' } })), 'hostname-invalid', 'error', 'w-1', '"Worker_1"'],
  ['no nameserver', withGround('w-1', ['nameserver|10.0.0.254\n', '']), 'resolver-unfit', 'error', 'w-1', 'names no nameserver'],
  ['a nameserver on the machine', withGround('w-1', ['nameserver|10.0.0.254', 'nameserver|127.0.0.53']), 'resolver-unfit', 'error', 'w-1', '127.0.0.53'],
  [
    'a line for the endpoint',
    withMachine('w-1', ({ files }) => ({
      files: { ...files, '/etc/hosts': { type: 'file', sha256: '', sizeBytes: 1, mode: '644', owner: 'root:root', text: '10.0.0.11 api.demo.kubewright.internal\n' } },
    })),
    'endpoint-name-taken',
    'error',
    'w-1',
    '/etc/hosts: 10.0.0.11 api.demo',
  ],
  ['names from DNS first', withGround('w-1', ['sources|files dns', 'sources|dns files']), 'endpoint-name-taken', 'error', 'w-1', 'hosts: dns files'],
  ['cloud-init and /etc/hosts', withGround('w-1', ['', 'cloudinit|/etc/cloud/cloud.cfg:manage_etc_hosts: true']), 'hosts-file-rewritten', 'warning', 'w-1', '/etc/cloud/cloud.cfg'],
  [
    'user data after a setting that keeps /etc/hosts',
    withGround('w-1', ['', 'cloudinit|/etc/cloud/cloud.cfg:manage_etc_hosts: false\ncloudinit|/var/lib/cloud/instance/cloud-config.txt:manage_etc_hosts: localhost # ours']),
    'hosts-file-rewritten',
    'warning',
    'w-1',
    'cloud-config.txt',
  ],
  ['one host name twice', withTwin('hostname'), 'twin-hostname', 'error', undefined, 'host name of cp-2 and w-1 is cp-2'],
  ['one machine-id twice', withTwin('machineId'), 'twin-machine-id', 'error', undefined, 'machine-id of cp-2 and w-1'],
  [
    'one product_uuid twice',
    withMachine('w-1', ({ identity }) => ({ identity: { ...identity, productUuid: { state: 'known', value: 'uuid of cp-2' } } })),
    'twin-product-uuid',
    'error',
    undefined,
    'cp-2 and w-1',
  ],
  [
    'one MAC twice',
    withMachine('w-1', ({ ground }) => ({ ...(ground !== undefined && { ground: { ...ground, links: ground.links.map((link) => ({ ...link, mac: '52:54:00:00:00:12' })) } }) })),
    'twin-mac',
    'error',
    undefined,
    'cp-2 and w-1',
  ],
  [
    'one address twice',
    withMachine('w-1', ({ addresses }) => ({ addresses: [...addresses, { interface: 'eth0', address: '10.0.0.12', prefixLength: 24 }] })),
    'twin-address',
    'error',
    undefined,
    'cp-2 and w-1 is 10.0.0.12',
  ],
  [
    'one host key twice',
    withMachine('w-1', ({ identity }) => ({ identity: { ...identity, sshHostKeys: ['ssh-ed25519 key-of-cp-2'] } })),
    'twin-ssh-host-key',
    'warning',
    undefined,
    'cp-2 and w-1',
  ],
  ['a clock ten minutes behind', clockAt(NOW_MS - EARLIER_MS), 'clock-skew', 'error', 'cp-3', 'at least 599 s behind that of cp-1'],
  ['a clock ten seconds ahead', clockAt(NOW_MS + 10_000), 'clock-skew', 'warning', 'cp-3', 'at least 9 s ahead of that of cp-2'],
  ['what kubeadm left', withGround('w-1', ['', 'remain|/etc/kubernetes/pki/ca.crt']), 'remains', 'error', 'w-1', '/etc/kubernetes/pki/ca.crt'],
  ['data of etcd', withMachine('w-1', () => ({ hasEtcdData: true })), 'remains', 'error', 'w-1', '/var/lib/etcd/member'],
  ["Podman's network", withGround('w-1', ['', 'remain|/etc/cni/net.d/87-podman-bridge.conflist']), 'remains', 'warning', 'w-1', '87-podman'],
  ['a runtime from packages', withGround('w-1', ['', 'program|/usr/bin/dockerd']), 'programs-in-the-way', 'error', 'w-1', '/usr/bin/dockerd is there'],
  [
    'a port that is taken',
    withGround('cp-1', ['', 'socket|tcp LISTEN 0 5 0.0.0.0:6443 0.0.0.0:* users:(("python3",pid=99,fd=3))\nunit|99|0::/system.slice/old-api.service']),
    'port-taken',
    'error',
    'cp-1',
    'python3 (old-api.service) listens on 0.0.0.0:6443/tcp, the port of kube-apiserver',
  ],
  ['a port that a firewall closes', withTry('w-1', 'cp-1', 'silent'), 'port-unreachable', 'error', 'cp-1', 'w-1 to 6443/tcp was not answered'],
  ['a port that is refused', withTry('w-1', 'cp-1', 'refused'), 'port-unreachable', 'error', 'cp-1', 'w-1 to 6443/tcp was refused, though somebody listened'],
  [
    'large packets that vanish',
    withNetwork('w-1', ({ sizes }) => ({ sizes: sizes.map((each) => (each.to === 'cp-1' ? { ...each, arrived: false } : each)) })),
    'mtu-too-small',
    'error',
    'cp-1',
    'a packet of 1500 bytes from w-1 did not arrive',
  ],
  ['a smaller interface', withGround('w-1', ['eth0|1500', 'eth0|1200']), 'mtu-too-small', 'error', 'w-1', 'MTU of its eth0 is 1200, of eth0 on cp-1, cp-2, cp-3 1500'],
  [
    'a route that pods cross',
    withGround('w-1', ['', 'route|10.244.8.0/24 via 10.0.0.1 dev eth0']),
    'range-over-route',
    'error',
    'w-1',
    'podCIDR 10.244.0.0/16 overlaps 10.244.8.0/24 by eth0',
  ],
  [
    'a route that services cross',
    withGround('w-1', ['', 'route|10.96.7.1 dev tun0 scope link']),
    'range-over-route',
    'error',
    'w-1',
    'serviceCIDR 10.96.0.0/16 overlaps 10.96.7.1/32 by tun0',
  ],
  ['a read-only /etc', withGround('w-1', ['place|/etc|55897112|yes', 'place|/etc|55897112|']), 'not-writable', 'error', 'w-1', '/etc is read-only'],
  ['a full disk', withGround('w-1', ['place|/var/lib|55897112|yes', 'place|/var/lib|4096|yes']), 'disk-full', 'error', 'w-1', '/var/lib has 4 MiB left of 4096 MiB'],
  [
    'a disk that hangs',
    withGround('cp-1', ['synced|0.3412', 'synced|'], ['synced|0.2987', ''], ['synced|1.93', '']),
    'disk-slow',
    'warning',
    'cp-1',
    'takes over 50 ms on average',
  ],
  [
    'a slow disk',
    withGround('cp-1', ['synced|0.3412', 'synced|31.2'], ['synced|0.2987', 'synced|28.04'], ['synced|1.93', 'synced|']),
    'disk-slow',
    'warning',
    'cp-1',
    'a small write that is synced takes 28.0 ms on average',
  ],
  ['a firewall service', withGround('w-1', ['', 'firewall|ufw.service']), 'firewall-active', 'warning', 'w-1', 'ufw.service is active'],
  [
    'a chain that drops',
    withGround('w-1', ['', 'firewall|chain input of nftables table inet filter']),
    'firewall-active',
    'warning',
    'w-1',
    'chain input of nftables table inet filter drops by default',
  ],
  ['SELinux', withGround('w-1', ['selinux|', 'selinux|1']), 'selinux-enforcing', 'warning', 'w-1', 'says 1'],
  ['swap', platform('w-1', { isSwapOn: true }), 'swap-on', 'warning', 'w-1', '/proc/swaps'],
];
