import { addressesIn } from './tokens.ts';
import type { ExpectedNode } from './expected-cluster.ts';

const CLIENT_PORT = 2379;
const PEER_PORT = 2380;

export const etcdClientUrl = (address: string): string => `https://${address}:${CLIENT_PORT}`;
export const etcdPeerUrl = (address: string): string => `https://${address}:${PEER_PORT}`;

/** Flags of a command line with all their values; both `--name=value` and `--name value`. */
export type Flags = ReadonlyMap<string, readonly string[]>;

export function flagsOf(args: readonly string[]): Flags {
  const flags = new Map<string, string[]>();
  args.forEach((arg, index) => {
    if (!arg.startsWith('--')) return;
    const [name = '', ...value] = arg.slice(2).split('=');
    const next = args[index + 1];
    const given = value.length > 0 ? value.join('=') : next !== undefined && !next.startsWith('--') ? next : '';
    flags.set(name, [...(flags.get(name) ?? []), given]);
  });
  return flags;
}

/** Components whose command line carries the identity of a control plane, or must not carry another's. */
export type IdentityComponent = 'kube-apiserver' | 'kube-controller-manager' | 'kube-scheduler' | 'etcd';
export const IDENTITY_COMPONENTS: readonly IdentityComponent[] = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler'];

/** Flags that name other nodes by nature: etcd's members at the time of the join. */
const FLAGS_OF_ALL_MEMBERS: ReadonlySet<string> = new Set(['initial-cluster']);

/** What of a component's command line is not the node's own: one line each, nothing when all is right. */
export function foreignFlags(component: IdentityComponent, args: readonly string[], node: ExpectedNode, others: readonly ExpectedNode[]): readonly string[] {
  const flags = flagsOf(args);
  return [...missingOwn(component, flags, node), ...ofOthers(component, flags, others)];
}

function missingOwn(component: IdentityComponent, flags: Flags, { name, address }: ExpectedNode): readonly string[] {
  if (component === 'kube-apiserver') return exactly(component, flags, 'advertise-address', address);
  if (component !== 'etcd') return [];
  return [
    ...exactly(component, flags, 'name', name),
    ...exactly(component, flags, 'advertise-client-urls', etcdClientUrl(address)),
    ...exactly(component, flags, 'initial-advertise-peer-urls', etcdPeerUrl(address)),
    ...exactly(component, flags, 'listen-peer-urls', etcdPeerUrl(address)),
    ...among(component, flags, 'listen-client-urls', etcdClientUrl(address)),
  ];
}

const shown = (values: readonly string[] | undefined): string => (values === undefined ? 'absent' : values.join(','));

function exactly(component: string, flags: Flags, flag: string, expected: string): readonly string[] {
  const found = shown(flags.get(flag));
  return found === expected ? [] : [`${component} --${flag} is ${found}, the node's own is ${expected}`];
}

function among(component: string, flags: Flags, flag: string, expected: string): readonly string[] {
  const found = shown(flags.get(flag));
  return found.split(',').includes(expected) ? [] : [`${component} --${flag} is ${found}, without the node's own ${expected}`];
}

function ofOthers(component: string, flags: Flags, others: readonly ExpectedNode[]): readonly string[] {
  return [...flags].flatMap(([flag, values]) => {
    if (FLAGS_OF_ALL_MEMBERS.has(flag)) return [];
    const addresses = addressesIn(values.join(' '));
    return others.filter(({ address }) => addresses.has(address)).map(({ name, address }) => `${component} --${flag} holds ${address}, the address of ${name}`);
  });
}
