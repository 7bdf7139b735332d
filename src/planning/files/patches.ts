import type { HostTraits } from '../../facts/host-traits.ts';
import type { NodeContext } from '../../model/cluster.ts';
import { nodeText } from '../documents/shared-text.ts';

/** Given to every kubeadm init, join and upgrade: kubeadm remembers no patches. */
export const PATCHES_DIR = '/etc/kubewright/patches';

export const API_SERVER_PATCH = `${PATCHES_DIR}/kube-apiserver0+json.yaml`;

const RESOLVED_RESOLVER = '/run/systemd/resolve/resolv.conf';

export interface NodeFile {
  readonly path: string;
  readonly mode: string;
  readonly text: string;
  /** As in `FileAction`. */
  readonly isPrivate?: true;
}

/** Settings of this node's kubelet that follow from what its host is, with the reason of each as a comment. */
function kubeletSettings({ platform }: HostTraits): readonly (readonly [setting: string, value: boolean | string, why: string])[] {
  return [
    ...(platform.cgroup === 'v1' ? ([['failCgroupV1', false, 'this host has cgroup v1']] as const) : []),
    ...(platform.isSwapOn ? ([['failSwapOn', false, 'swap is on here']] as const) : []),
    // Always said, so that the directory of patches is never empty and no node depends on another's resolver.
    platform.isResolvedActive
      ? (['resolvConf', RESOLVED_RESOLVER, 'systemd-resolved runs here: its stub is of no use in a pod'] as const)
      : (['resolvConf', '/etc/resolv.conf', 'no systemd-resolved here'] as const),
  ];
}

/** The node's kubeadm patches: where node scope reaches a component (kubeadm page "Customizing components with the kubeadm API", patches). */
export function patchFiles({ node }: NodeContext, facts: HostTraits): readonly NodeFile[] {
  const settings = kubeletSettings(facts);
  const args = node.apiServerArgs.openFor(node.name);
  const kubelet = [...settings.map(([setting, , why]) => `# ${setting}: ${why}\n`), nodeText(Object.fromEntries(settings.map(([setting, value]) => [setting, value])))].join('');
  // A strategic merge would replace the whole command: JSON patches add to it; of a flag given twice the last counts.
  const apiServer = nodeText(args.map(({ name, value }) => ({ op: 'add', path: '/spec/containers/0/command/-', value: `--${name}=${value}` })));
  return [
    { path: `${PATCHES_DIR}/kubeletconfiguration0+merge.yaml`, mode: '600', text: kubelet },
    ...(args.length === 0 ? [] : [{ path: API_SERVER_PATCH, mode: '600', text: apiServer }]),
  ];
}
