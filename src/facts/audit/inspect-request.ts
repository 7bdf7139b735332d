import { posix } from 'node:path';
import { classifyFlag } from '../../model/flag-table.ts';
import { componentOf } from './components.ts';
import type { Component } from './components.ts';
import type { Discovered } from './parse-discovered.ts';
import { BALANCERS, COMPONENTS } from './programs.ts';

/** What the second look at a machine asks for: every path was named by a process, a manifest or a unit of that machine. */
export interface InspectRequest {
  readonly certificates: readonly string[];
  /** Directories of those certificates: others in them are looked at too. */
  readonly directories: readonly string[];
  /** Private and public keys, of which only the digest of the public half leaves the machine. */
  readonly keys: readonly string[];
  readonly kubeconfigs: readonly string[];
  /** Directories of kubeconfigs: administrators' lie beside those of the components. */
  readonly kubeconfigDirectories: readonly string[];
  readonly files: readonly string[];
  /** Those of `files` whose digest is asked for. */
  readonly digests: readonly string[];
  readonly environmentFiles: readonly string[];
  readonly balancers: readonly BalancerSource[];
}

export interface BalancerSource {
  readonly program: string;
  readonly pid: number;
  /** As the process sees it. */
  readonly path: string;
}

/** Flags that name certificates and keys. */
export const CERTIFICATE_FLAGS: readonly string[] = [
  ...['tls-cert-file', 'client-ca-file', 'etcd-cafile', 'etcd-certfile', 'kubelet-client-certificate', 'proxy-client-cert-file', 'requestheader-client-ca-file'],
  ...['root-ca-file', 'cluster-signing-cert-file', 'cert-file', 'peer-cert-file', 'trusted-ca-file', 'peer-trusted-ca-file'],
];
export const KEY_FLAGS: readonly string[] = [
  ...['tls-private-key-file', 'etcd-keyfile', 'kubelet-client-key', 'proxy-client-key-file', 'service-account-signing-key-file', 'service-account-key-file'],
  ...['cluster-signing-key-file', 'service-account-private-key-file', 'key-file', 'peer-key-file'],
];
const KUBECONFIG_FLAGS = ['kubeconfig', 'authentication-kubeconfig', 'authorization-kubeconfig', 'bootstrap-kubeconfig'];
const ROOTS_KUBECONFIG = '/root/.kube/config';
/** What systemd-resolved offers for pods; kubeadm puts this path into the shared configuration. */
export const RESOLVED_FILE = '/run/systemd/resolve/resolv.conf';
const USUAL_NGINX_CONFIG = '/etc/nginx/nginx.conf';

/** What to read on a machine, from what was found on it. */
export function inspectRequest(found: Discovered): InspectRequest {
  const components = COMPONENTS.flatMap((name) => componentOf(found, name) ?? []);
  const certificates = unique([...pathsOf(components, CERTIFICATE_FLAGS), ...kubeletPaths(found, ['authentication.x509.clientCAFile', 'tlsCertFile'])]);
  const kubeconfigs = pathsOf(components, KUBECONFIG_FLAGS);
  const keys = pathsOf(components, KEY_FLAGS);
  const digests = filesOf(components);
  return {
    certificates,
    directories: unique(certificates.map((path) => posix.dirname(path))),
    keys,
    kubeconfigs: unique([...kubeconfigs, ROOTS_KUBECONFIG]),
    kubeconfigDirectories: unique(kubeconfigs.map((path) => posix.dirname(path))),
    files: unique([...certificates, ...keys, ...digests, ...hostPathsOf(found), ...pathsOf(components, ['data-dir']), ...kubeletPaths(found, KUBELET_PATHS), RESOLVED_FILE]),
    digests,
    environmentFiles: unique(Object.entries(found.units).flatMap(([unit, { environmentFiles }]) => (unit.startsWith('etcd') ? environmentFiles : []))),
    balancers: balancersOf(found),
  };
}

const KUBELET_PATHS = ['resolvConf', 'tlsCertFile', 'tlsPrivateKeyFile', 'volumePluginDir'];

function unique(paths: readonly string[]): readonly string[] {
  return [...new Set(paths)].sort();
}

function isPath(value: string): boolean {
  return value.startsWith('/') && !value.includes('\n') && !value.includes('\0');
}

function pathsOf(components: readonly Component[], flags: readonly string[]): readonly string[] {
  return unique(components.flatMap(({ settings }) => settings.filter(({ name, value }) => flags.includes(name) && isPath(value)).map(({ value }) => value)));
}

/** Files that flags of the whole cluster name: each control plane must have them, and the same. Logs are each one's own. */
function filesOf(components: readonly Component[]): readonly string[] {
  return unique(
    components.flatMap(({ name, settings }) =>
      name === 'kube-proxy'
        ? []
        : settings.filter((setting) => classifyFlag(name, setting.name).names === 'file' && setting.name !== 'audit-log-path' && isPath(setting.value)).map(({ value }) => value),
    ),
  );
}

function hostPathsOf({ manifests }: Discovered): readonly string[] {
  return manifests.flatMap((manifest) => (manifest.type === 'pod' ? manifest.hostPaths.map(({ path }) => path).filter(isPath) : []));
}

function kubeletPaths({ kubeletConfig }: Discovered, fields: readonly string[]): readonly string[] {
  if (kubeletConfig.state !== 'known') return [];
  const { fields: given } = kubeletConfig.value;
  return fields.flatMap((field) => given[field]?.text ?? []).filter(isPath);
}

/** Master processes alone: nginx' workers have no command line of their own. */
function balancersOf({ processes }: Discovered): readonly BalancerSource[] {
  const programs: readonly string[] = BALANCERS;
  const masters = processes.filter(({ component, args }) => programs.includes(component) && (component !== 'nginx' || (args[0] ?? '').includes('master')));
  const sources = masters.map(({ component, pid, args }) => ({ program: component, pid, path: configPath(component, args) }));
  return sources.filter(({ path, program }, index) => isPath(path) && sources.findIndex((other) => other.path === path && other.program === program) === index);
}

function configPath(program: string, args: readonly string[]): string {
  // nginx shows its whole command line as one word.
  const words = args.flatMap((arg) => arg.split(/\s+/));
  const at = words.indexOf(program === 'nginx' ? '-c' : '-f');
  return (at === -1 ? undefined : words[at + 1]) ?? (program === 'nginx' ? USUAL_NGINX_CONFIG : '');
}
