import { read } from './on-machine.ts';
import type { Machine } from './test-lab.ts';

/** What others have on a machine: a network namespace that is used by name, files that a deployment replaces or does not know, a directory of empty ones that packages make. */
export async function plantForeignThings(machine: Machine): Promise<void> {
  await read(
    machine,
    [
      `printf 'theirs\\n' > /etc/crictl.yaml; chmod 640 /etc/crictl.yaml`,
      'mkdir -p /etc/containerd/certs.d /etc/kubernetes/manifests; echo x > /etc/containerd/certs.d/theirs',
      'ip netns add foreign',
    ].join('; '),
  );
}

/** Whether the namespace can still be entered: a file of its name is not enough. */
export async function enterForeignNamespace(machine: Machine): Promise<string> {
  return read(machine, 'nsenter --net=/run/netns/foreign cat /proc/net/dev 2>&1 || echo "cannot be entered"');
}
