import type { ClusterWide, Registry } from '../../model/cluster.ts';
import type { Slot } from '../../plan/plan.ts';
import { slotId } from '../../plan/plan.ts';
import { CONFIG_DIR } from '../../shell/remote-paths.ts';

/** Where containerd is told to look for registries; it reads them at each pull, so that nothing is restarted. */
export const REGISTRIES_DIR = '/etc/containerd/certs.d';

/** Names of the registries that were written, one a line: what is taken out of the cluster file is found by it. */
export const REGISTRY_LIST = `${CONFIG_DIR}/registries.list`;
const LIST_REMARK = '# Written by kubewright: registries in /etc/containerd/certs.d that are its own.';

export function registryPath(name: string): string {
  return `${REGISTRIES_DIR}/${name}/hosts.toml`;
}

export function registryList(names: readonly string[]): string {
  return [LIST_REMARK, ...names, ''].join('\n');
}

export function namesInList(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

/** `user:password` in base64: what HTTP calls Basic. */
export function loginSlot(registry: string): Slot<'text'> {
  return { slot: slotId(`registry-login/${registry.replaceAll(':', '_')}`), type: 'text', secret: true, shown: `login of ${registry}` };
}

type Parts = readonly (string | Slot<'text'>)[];

/**
 * A registry as containerd's `hosts.toml` has it: mirrors in their order, at the end the registry itself. A login is a header of the one host that it is for, which containerd also shows to
 * the service that gives that host's tokens (containerd core/remotes/docker/config, hosts.go).
 */
export function hostsToml({ name, mirrors, hasLogin }: Registry, { registries }: Pick<ClusterWide, 'registries'>): Parts {
  const withLogin = new Set<string>(registries.filter((registry) => registry.hasLogin).map((registry) => registry.name));
  return ['# Written by kubewright.\n', ...mirrors.flatMap((url) => mirrorTable(url, withLogin)), ...(hasLogin ? headerTable('header', name) : [])];
}

/** A path is the root of the API: containerd would append /v2 to it. */
function mirrorTable(url: string, withLogin: ReadonlySet<string>): Parts {
  const { host, pathname } = new URL(url);
  const table = [`[host."${url}"]`, '  capabilities = ["pull", "resolve"]', ...(pathname === '/' ? [] : ['  override_path = true']), ''].join('\n');
  return [table, ...(withLogin.has(host) ? headerTable(`host."${url}".header`, host) : [])];
}

function headerTable(table: string, registry: string): Parts {
  return [`[${table}]\n  Authorization = "Basic `, loginSlot(registry), '"\n'];
}
