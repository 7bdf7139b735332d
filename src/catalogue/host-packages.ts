/** What nodes take from their distribution. haproxy's own unit stays off: ours runs it. */
export const hostPackages: readonly string[] = ['ca-certificates', 'conntrack', 'curl', 'ebtables', 'ethtool', 'haproxy', 'iproute2', 'iptables', 'kmod', 'openssl', 'socat'];

/** The distribution that an archive of them is for, as `/etc/os-release` has it, and its release's name. */
export const hostPackagesOf = { osId: 'debian', osVersion: '12', suite: 'bookworm' } as const;
