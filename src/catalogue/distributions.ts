/** By which program a distribution keeps its packages. */
export type PackageManager = 'apt' | 'dnf';

/** What a machine says of its distribution: ID, ID_LIKE and VERSION_ID of os-release(5). */
export interface OsRelease {
  readonly osId: string;
  readonly osLike: readonly string[];
  readonly osVersion: string;
}

/** Distributions in which what nodes need has the same names. */
export interface DistributionFamily {
  /** Of the distributions whose releases are told below. */
  readonly ids: readonly string[];
  readonly packageManager: PackageManager;
  /** What nodes take from their distribution. haproxy's own unit stays off: ours runs it. */
  readonly hostPackages: readonly string[];
  /** Releases on which clusters were made. */
  readonly tried: readonly string[];
  /** Releases of which names, paths and answers of programs are known from records; no cluster was made on them. */
  readonly recorded: readonly string[];
  /** What of VERSION_ID names a release. */
  readonly releaseOf: (osVersion: string) => string;
  /** Those releases, for people. */
  readonly words: { readonly tried?: string; readonly recorded?: string };
  /** Where the makers of Kubernetes' packages have the kubelet's KUBELET_EXTRA_ARGS. */
  readonly kubeletEnvironment: string;
  /** A kernel of its own that it maintains longer than kernel.org does. */
  readonly ownKernel?: RegExp;
  readonly remedies: {
    /** Of a kernel that lacks modules. */
    readonly fullKernel: string;
    /** Of runtimes and kubelets that are not ours. */
    readonly removeOthers: string;
  };
}

const debian: DistributionFamily = {
  ids: ['debian'],
  packageManager: 'apt',
  hostPackages: ['ca-certificates', 'conntrack', 'curl', 'ebtables', 'ethtool', 'haproxy', 'iproute2', 'iptables', 'kmod', 'openssl', 'socat'],
  tried: ['12'],
  recorded: [],
  releaseOf: (osVersion) => osVersion,
  words: { tried: 'Debian 12' },
  kubeletEnvironment: '/etc/default/kubelet',
  remedies: {
    fullKernel: "install the distribution's full kernel (linux-image-amd64 instead of a cloud or minimal flavour) and restart",
    removeOthers: 'apt-get purge containerd containerd.io docker.io docker-ce cri-o kubelet kubeadm',
  },
};

const ubuntu: DistributionFamily = {
  ...debian,
  ids: ['ubuntu'],
  tried: [],
  recorded: ['22.04', '24.04'],
  words: { recorded: 'Ubuntu 22.04 and 24.04' },
  remedies: { ...debian.remedies, fullKernel: 'apt-get install linux-image-generic linux-modules-extra-$(uname -r), and restart if the kernel is another then' },
};

const rhel: DistributionFamily = {
  ids: ['rhel', 'rocky', 'almalinux', 'centos'],
  packageManager: 'dnf',
  // curl by its path: minimal systems have curl-minimal, which the package curl conflicts with. iptables-nft has ebtables too; there is no legacy iptables. Minimal systems lack tar, with which machines unpack what they fetch.
  hostPackages: ['/usr/bin/curl', 'ca-certificates', 'conntrack-tools', 'ethtool', 'haproxy', 'iproute', 'iptables-nft', 'kmod', 'openssl', 'socat', 'tar'],
  tried: [],
  recorded: ['9'],
  releaseOf: (osVersion) => osVersion.split('.')[0] ?? '',
  words: { recorded: 'RHEL 9, Rocky Linux 9, AlmaLinux 9 and CentOS Stream 9' },
  kubeletEnvironment: '/etc/sysconfig/kubelet',
  ownKernel: /^5\.14\.0-\d.*\.el9/,
  remedies: {
    fullKernel: 'dnf install kernel kernel-modules, and restart',
    removeOthers: 'dnf remove containerd.io docker-ce cri-o kubelet kubeadm',
  },
};

const families: readonly DistributionFamily[] = [debian, ubuntu, rhel];

/** Families by a name that a distribution gives in ID_LIKE. */
const relatives: ReadonlyMap<string, DistributionFamily> = new Map([
  ['debian', debian],
  ['ubuntu', ubuntu],
  ['rhel', rhel],
  ['centos', rhel],
  ['fedora', rhel],
]);

/** The family of Debian itself, which archives of packages are made of. */
export const debianFamily = debian;

/** Every package that any family has for nodes: what an observation asks, before it knows which machine it asks. */
export const everyHostPackage: readonly string[] = [...new Set(families.flatMap(({ hostPackages }) => hostPackages))].sort();

const ownFamily = ({ osId }: Pick<OsRelease, 'osId'>): DistributionFamily | undefined => families.find(({ ids }) => ids.includes(osId));

/** The family of a distribution or, the nearest first, of one that it says it is like; undefined where nothing is known of either. */
export function familyOf(os: OsRelease): DistributionFamily | undefined {
  return ownFamily(os) ?? [os.osId, ...os.osLike].map((id) => relatives.get(id)).find((family) => family !== undefined);
}

/** `untried`: it is newer than what is known, or a relative of it; `unsupported`: it is older, or nothing is known of it. */
export type Support = 'tried' | 'recorded' | 'untried' | 'unsupported';

export function supportOf(os: OsRelease): Support {
  const family = ownFamily(os);
  if (family === undefined) return familyOf(os) === undefined ? 'unsupported' : 'untried';
  const release = family.releaseOf(os.osVersion);
  if (family.tried.includes(release)) return 'tried';
  if (family.recorded.includes(release)) return 'recorded';
  const known = [...family.tried, ...family.recorded].map(Number);
  return Number(release) < Math.min(...known) && release !== '' ? 'unsupported' : 'untried';
}

const wordsOf = (of: keyof DistributionFamily['words']): string => families.flatMap(({ words }) => words[of] ?? []).join(', ');

/** What is supported, for people. */
export const supportedWords = `${wordsOf('tried')}; known from records: ${wordsOf('recorded')}`;
