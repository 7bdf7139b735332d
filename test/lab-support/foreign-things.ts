import { read } from './on-machine.ts';
import type { Machine } from './test-lab.ts';

/** What others have on a machine: network namespaces that are used by name, one as CNI plugins name theirs, files that a deployment replaces or does not know, a directory of empty ones that packages make. */
export async function plantForeignThings(machine: Machine): Promise<void> {
  await read(
    machine,
    [
      `printf 'theirs\\n' > /etc/crictl.yaml; chmod 640 /etc/crictl.yaml`,
      'mkdir -p /etc/containerd/certs.d /etc/kubernetes/manifests; echo x > /etc/containerd/certs.d/theirs',
    ].join('; '),
  );
  await plantForeignNamespaces(machine);
}

export async function plantForeignNamespaces(machine: Machine): Promise<void> {
  await read(machine, 'ip netns add foreign; ip netns add cni-foreign');
}

/** A container of others on the machine's containerd, as its directory names it. */
export const GUEST = 'theirs/guest';

/** Starts it on a control plane: a program without libraries, that waits. */
export async function startGuest(machine: Machine): Promise<void> {
  const [space, name] = GUEST.split('/');
  await read(
    machine,
    [
      'set -e',
      'mkdir -p /srv/guest/bin; cp "$(readlink -f "$(command -v kubectl)")" /srv/guest/bin/guest-waits',
      `ctr -n ${space} run --detach --null-io --rootfs /srv/guest ${name} /bin/guest-waits proxy --port=8099 --server=http://127.0.0.1:9`,
    ].join('\n'),
  );
}

/** What is in one of the namespaces where both can still be entered: a file of its name is not enough. */
export async function enterForeignNamespace(machine: Machine): Promise<string> {
  return read(machine, 'nsenter --net=/run/netns/foreign true && nsenter --net=/run/netns/cni-foreign cat /proc/net/dev 2>&1 || echo "cannot be entered"');
}
