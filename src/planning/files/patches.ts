import type { HostTraits } from '../../facts/host-traits.ts';
import type { ComponentArg, NodeContext } from '../../model/cluster.ts';
import { CONTROL_PLANE_PROGRAMS, controlPlaneComponents } from '../../model/control-plane-components.ts';
import type { ControlPlaneComponent } from '../../model/control-plane-components.ts';
import { nodeText } from '../documents/shared-text.ts';

/** Given to every kubeadm init, join and upgrade: kubeadm remembers no patches. */
export const PATCHES_DIR = '/etc/kubewright/patches';

export const KUBELET_PATCH = `${PATCHES_DIR}/kubeletconfiguration0+merge.yaml`;

/** Where the flags of one node's component stand. */
export function componentPatch(component: ControlPlaneComponent): string {
  return `${PATCHES_DIR}/${CONTROL_PLANE_PROGRAMS[component]}0+json.yaml`;
}

/** Every file that may lie in the directory of patches. */
export const patchPaths: readonly string[] = [KUBELET_PATCH, ...controlPlaneComponents.map(componentPatch)];

const RESOLVED_RESOLVER = '/run/systemd/resolve/resolv.conf';
const PLAIN_RESOLVER = '/etc/resolv.conf';

/** Fields of the kubelet's patch that follow from the host, with the values they may have then. */
export const DERIVED_FIELDS: Readonly<Record<string, readonly unknown[]>> = { failCgroupV1: [false], failSwapOn: [false], resolvConf: [RESOLVED_RESOLVER, PLAIN_RESOLVER] };

/** The path at which a JSON patch adds to the command of a static pod. */
export const COMMAND_END = '/spec/containers/0/command/-';

export interface NodeFile {
  readonly path: string;
  readonly mode: string;
  readonly text: string;
  /** As in `FileAction`. */
  readonly isPrivate?: true;
}

/** Settings of this node's kubelet that follow from what its host is, with the reason of each as a comment. */
function derivedSettings({ platform }: HostTraits): readonly (readonly [setting: string, value: boolean | string, why: string])[] {
  return [
    ...(platform.cgroup === 'v1' ? ([['failCgroupV1', false, 'this host has cgroup v1']] as const) : []),
    ...(platform.isSwapOn ? ([['failSwapOn', false, 'swap is on here']] as const) : []),
    // Always said, so that the directory of patches is never empty and no node depends on another's resolver.
    platform.isResolvedActive
      ? (['resolvConf', RESOLVED_RESOLVER, 'systemd-resolved runs here: its stub is of no use in a pod'] as const)
      : (['resolvConf', PLAIN_RESOLVER, 'no systemd-resolved here'] as const),
  ];
}

/** The node's kubeadm patches: where node scope reaches a component (kubeadm page "Customizing components with the kubeadm API", patches). */
export function patchFiles({ node }: NodeContext, facts: HostTraits): readonly NodeFile[] {
  const args = node.args.openFor(node.name);
  const patched = controlPlaneComponents.filter((component) => args[component].length > 0);
  return [
    { path: KUBELET_PATCH, mode: '600', text: kubeletPatch(node.kubeletConfig.openFor(node.name), facts) },
    ...patched.map((component) => ({ path: componentPatch(component), mode: '600', text: nodeText(podPatch(component, args[component])) })),
  ];
}

/** What the file says of this kubelet counts more than what is derived. */
function kubeletPatch(own: Readonly<Record<string, unknown>>, facts: HostTraits): string {
  const derived = derivedSettings(facts).filter(([setting]) => !Object.hasOwn(own, setting));
  const remarks = derived.map(([setting, , why]) => `# ${setting}: ${why}\n`);
  return [...remarks, nodeText({ ...Object.fromEntries(derived.map(([setting, value]) => [setting, value])), ...own })].join('');
}

/** Probes that kubeadm gives the two that serve on loopback (kubeadm phases/controlplane/manifests.go). */
const LOOPBACK_PROBES: Readonly<Partial<Record<ControlPlaneComponent, readonly string[]>>> = {
  controllerManager: ['livenessProbe', 'startupProbe'],
  scheduler: ['livenessProbe', 'readinessProbe', 'startupProbe'],
};

interface JsonPatch {
  readonly op: 'add' | 'replace';
  readonly path: string;
  readonly value: string;
}

/** A strategic merge would replace the whole command: JSON patches add to it; of a flag given twice the last counts. */
function podPatch(component: ControlPlaneComponent, args: readonly ComponentArg<string>[]): readonly JsonPatch[] {
  return [...args.map(({ name, value }): JsonPatch => ({ op: 'add', path: COMMAND_END, value: `--${name}=${value}` })), ...probePatch(component, args)];
}

/**
 * kubeadm has the kubelet ask these two for their health on loopback, whatever a patch makes of their address (kubeadm util/staticpod, GetControllerManagerProbeAddress): one that serves on
 * another address alone would be killed again and again.
 */
function probePatch(component: ControlPlaneComponent, args: readonly ComponentArg<string>[]): readonly JsonPatch[] {
  const address = args.findLast(({ name }) => name === 'bind-address')?.value;
  if (address === undefined || address === '0.0.0.0') return [];
  return (LOOPBACK_PROBES[component] ?? []).map((probe) => ({ op: 'replace', path: `/spec/containers/0/${probe}/httpGet/host`, value: address }));
}
