import { dirname, resolve } from 'node:path';
import { clusterScoped } from '../model/cluster-scoped.ts';
import type { Cluster, ClusterNode, ClusterWide, ControlPlanePeer, NodeSshAccess, OutboundProxy, Pull, Role, SshAccess, Taint } from '../model/cluster.ts';
import { CONTROL_PLANE_PROGRAMS, eachComponent } from '../model/control-plane-components.ts';
import { sharedArgs } from '../model/flag-table.ts';
import { membership } from '../model/membership.ts';
import type { NodeName } from '../model/scope.ts';
import { NodeScoped, constant, text } from '../model/scope.ts';
import { compareStrings } from '../util/canonical-json.ts';
import { componentArgs } from './component-args.ts';
import type { ClusterFile, NodeEntry, ProxyEntry } from './schema.ts';
import { resolveLogins, resolveRegistries } from './resolve-registries.ts';
import { sharedSettings } from './shared-settings.ts';
import { parseTaint } from './value-forms.ts';
import type { LocatedDocument } from './yaml-document.ts';

const ENDPOINT_PORT = 7443;

/** Paths in a cluster file begin where the file is. */
export function absolutePath(file: string, home: string): (path: string) => string {
  return (path) => (path.startsWith('~/') ? resolve(home, path.slice(2)) : resolve(dirname(file), path));
}

/** A valid cluster file as the desired cluster. Order in the file is gone: everything that has no order is sorted. */
export function resolveCluster(file: ClusterFile, located: LocatedDocument, home: string): Cluster {
  const { spec } = file;
  const absolute = absolutePath(located.file, home);
  const ssh = resolveSsh(spec.ssh, absolute);
  const nodes = spec.nodes.map((entry, index) => resolveNode(entry, index, located)).sort((a, b) => compareStrings(a.name, b.name));
  return {
    wide: resolveWide(file, located),
    ssh,
    sshOf: new Map(spec.nodes.map((entry) => [nodeName(entry), { ...ssh, ...resolveNodeSsh(entry.ssh, absolute) }])),
    logins: resolveLogins(spec.registries, absolute),
    nodes,
    controlPlanes: membership(spec.nodes.flatMap(controlPlanePeer), (peer) => peer.name),
  };
}

function resolveWide({ metadata, spec }: ClusterFile, located: LocatedDocument): ClusterWide {
  const name = clusterScoped(metadata.name);
  const { network, controlPlane } = spec;
  return {
    name,
    kubernetesVersion: clusterScoped(spec.kubernetes.version),
    endpoint: { host: text`api.${name}.kubewright.internal`, port: constant(ENDPOINT_PORT) },
    network: { plugin: network.plugin, podCIDR: clusterScoped(network.podCIDR), serviceCIDR: clusterScoped(network.serviceCIDR), dnsDomain: constant('cluster.local') },
    certSANs: [...new Set(controlPlane.certSANs)].sort(compareStrings).map((san) => clusterScoped(san)),
    args: eachComponent((key) => {
      const args = componentArgs(controlPlane[key].extraArgs, located, ['spec', 'controlPlane', key, 'extraArgs']);
      return sharedArgs(CONTROL_PLANE_PROGRAMS[key], args).passed;
    }),
    kubeletConfig: sharedSettings(spec.kubelet.config),
    kubeProxyConfig: sharedSettings(spec.kubeProxy.config),
    metricsServer: spec.addons.metricsServer.enabled,
    ...(spec.proxy !== undefined && { proxy: resolveProxy(spec.proxy) }),
    registries: resolveRegistries(spec.registries),
    ...(spec.distribution.mode === 'pull' && { pull: resolvePull(spec.distribution) }),
  };
}

function resolvePull({ mirror }: ClusterFile['spec']['distribution']): Pull {
  return mirror === undefined ? {} : { mirror: clusterScoped(mirror) };
}

function resolveProxy({ httpProxy, httpsProxy, noProxy }: ProxyEntry): OutboundProxy {
  return {
    ...(httpProxy !== undefined && { httpProxy: clusterScoped(httpProxy) }),
    ...(httpsProxy !== undefined && { httpsProxy: clusterScoped(httpsProxy) }),
    noProxy: [...new Set(noProxy)].sort(compareStrings).map((entry) => clusterScoped(entry)),
  };
}

function resolveNode(entry: NodeEntry, index: number, located: LocatedDocument): ClusterNode {
  const name = nodeName(entry);
  return {
    name,
    role: roleOf(entry),
    address: new NodeScoped(name, entry.address),
    labels: new NodeScoped(name, Object.fromEntries(Object.entries(entry.labels).sort(([a], [b]) => compareStrings(a, b)))),
    taints: new NodeScoped(name, entry.taints.flatMap((taint) => parseTaint(taint) ?? []).sort(compareTaints)),
    args: new NodeScoped(
      name,
      eachComponent((key) => componentArgs(entry[key]?.extraArgs ?? {}, located, ['spec', 'nodes', index, key, 'extraArgs'])),
    ),
    kubeletConfig: new NodeScoped(name, entry.kubelet?.config ?? {}),
  };
}

function compareTaints(a: Taint, b: Taint): number {
  return compareStrings(a.key, b.key) || compareStrings(a.effect, b.effect);
}

function controlPlanePeer(entry: NodeEntry): readonly ControlPlanePeer[] {
  return roleOf(entry) === 'control-plane' ? [{ name: nodeName(entry), address: entry.address }] : [];
}

function nodeName(entry: NodeEntry): NodeName {
  return entry.name as NodeName;
}

/** Every node of a valid file has one, from itself or from its pool. */
function roleOf({ name, role }: NodeEntry): Role {
  if (role === undefined) throw new Error(`node ${name} has no role, and the file was taken for valid`);
  return role;
}

function resolveNodeSsh({ user, host, port, jump, identityFile }: NonNullable<NodeEntry['ssh']> = {}, absolute: (path: string) => string): Partial<NodeSshAccess> {
  return {
    ...(user !== undefined && { user }),
    ...(host !== undefined && { host }),
    ...(port !== undefined && { port }),
    ...(jump !== undefined && { jump }),
    ...(identityFile !== undefined && { identityFile: absolute(identityFile) }),
  };
}

function resolveSsh(ssh: ClusterFile['spec']['ssh'], absolute: (path: string) => string): SshAccess {
  return {
    user: ssh.user,
    ...(ssh.port !== undefined && { port: ssh.port }),
    ...(ssh.jump !== undefined && { jump: ssh.jump }),
    ...(ssh.identityFile !== undefined && { identityFile: absolute(ssh.identityFile) }),
    ...(ssh.knownHostsFile !== undefined && { knownHostsFile: absolute(ssh.knownHostsFile) }),
  };
}
