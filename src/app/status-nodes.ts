import { parse } from 'yaml';
import type { StatusNodeJson } from '../contract/status.ts';
import type { NodeFact } from '../facts/cluster-facts.ts';
import type { FileFact, HostFacts } from '../facts/host-facts.ts';
import { CONTROL_PLANE_COMPONENTS, manifestPath } from '../facts/kubernetes-paths.ts';
import { hostOfNode } from '../facts/observed.ts';
import type { ProbeRequest } from '../facts/probe-request.ts';
import type { Role } from '../model/cluster.ts';
import type { StatusSnapshot } from './observe-status.ts';
import { certificateExpiry, certificatesOn } from '../rules/verify/certificate-expiry.ts';
import type { ExpectedCluster, ExpectedNode } from '../rules/verify/expected-cluster.ts';

const DAY_MS = 86_400_000;
const PROXY_PACKAGE = 'haproxy';

type Component = StatusNodeJson['components'][number];

/** What a machine of this role is asked for its status. */
export function statusProbes(role: Role): readonly ProbeRequest[] {
  const manifests = role === 'worker' ? [] : CONTROL_PLANE_COMPONENTS.map((component) => ({ probe: 'file', path: manifestPath(component), text: true }) as const);
  return [...manifests, ...certificateExpiry.probes({ role }), { probe: 'package', name: PROXY_PACKAGE }];
}

/** The nodes of the file in its order, then those that only the cluster has. */
export function nodeStatuses(expected: ExpectedCluster, snapshot: StatusSnapshot, now: Date): readonly StatusNodeJson[] {
  const seen = snapshot.cluster.state === 'known' ? snapshot.cluster.value.nodes : {};
  const others = Object.values(seen).filter(({ name }) => !expected.nodes.some((node) => node.name === name));
  return [...expected.nodes.map((node) => ofFile(node, seen[node.name], snapshot, now)), ...others.map(ofClusterAlone)];
}

function ofFile({ name, role, address }: ExpectedNode, node: NodeFact | undefined, snapshot: StatusSnapshot, now: Date): StatusNodeJson {
  const fact = hostOfNode(snapshot, name);
  const host = fact.state === 'known' ? fact.value : undefined;
  return {
    ...{ name, role, address, inFile: true, ready: node?.isReady ?? null, reached: host !== undefined },
    components: [...(role === 'worker' || host === undefined ? [] : staticPods(host)), ...ofEveryNode(host, node)],
    firstToExpire: host === undefined ? null : firstToExpire(host, role, now),
  };
}

function ofClusterAlone(node: NodeFact): StatusNodeJson {
  const address = node.internalIPs[0];
  const role = node.isControlPlane ? 'control-plane' : 'worker';
  return {
    name: node.name,
    role,
    ...(address !== undefined && { address }),
    inFile: false,
    ready: node.isReady,
    reached: false,
    components: ofEveryNode(undefined, node),
    firstToExpire: null,
  };
}

function staticPods(host: HostFacts): readonly Component[] {
  return CONTROL_PLANE_COMPONENTS.map((name) => component(name, tagOf(host.files[manifestPath(name)]), isRunning(host, name)));
}

/** kubelet, runtime and proxy. The first two tell their versions to the API; so they are known of a machine that is off, too. */
function ofEveryNode(host: HostFacts | undefined, node: NodeFact | undefined): readonly Component[] {
  const runtime = node?.runtimeVersion?.split('://')[1];
  const proxy = component('api-proxy', host?.packages[PROXY_PACKAGE], isRunning(host, PROXY_PACKAGE));
  return [component('kubelet', node?.kubeletVersion, isRunning(host, 'kubelet')), component('containerd', runtime, isRunning(host, 'containerd')), proxy];
}

function component(name: string, version: string | undefined, running: boolean | null): Component {
  return { name, ...(version !== undefined && version !== '' && { version }), running };
}

function isRunning(host: HostFacts | undefined, process: string): boolean | null {
  return host === undefined ? null : host.processes.some(({ name }) => name === process);
}

interface StaticPod {
  readonly spec?: { readonly containers?: readonly { readonly image?: unknown }[] };
}

/** Tag of the image that a manifest names; undefined where that cannot be told. */
function tagOf(manifest: FileFact | undefined): string | undefined {
  if (manifest?.type !== 'file' || manifest.text === undefined) return undefined;
  try {
    const image = (parse(manifest.text) as StaticPod | null)?.spec?.containers?.[0]?.image;
    return typeof image === 'string' ? /:([\w.-]+)(@.*)?$/.exec(image)?.[1] : undefined;
  } catch {
    // Somebody's edit that is no YAML: the kubelet does not read it either.
    return undefined;
  }
}

function firstToExpire(host: HostFacts, role: Role, now: Date): StatusNodeJson['firstToExpire'] {
  const seen = certificatesOn(host, role).flatMap(([path, certificate]) => (certificate === undefined ? [] : [{ path, notAfter: certificate.notAfter }]));
  const [first] = seen.sort((a, b) => Date.parse(a.notAfter) - Date.parse(b.notAfter));
  return first === undefined ? null : { ...first, daysLeft: Math.floor((Date.parse(first.notAfter) - now.getTime()) / DAY_MS) };
}
