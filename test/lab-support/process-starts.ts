import { readLines } from './on-machine.ts';
import type { Machine } from './test-lab.ts';

const PROGRAMS = ['containerd', 'kubelet', 'haproxy', 'etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'flanneld', 'kube-proxy', 'coredns', 'metrics-server'];

/** Field 22 of `stat` is the start in clock ticks since the boot; the name before it may hold blanks (proc(5)). A name is cut at 15 bytes. */
const LIST = `for p in /proc/[0-9]*; do
  read -r name < "$p/comm" 2>/dev/null || continue
  case "$name" in ${PROGRAMS.map((name) => name.slice(0, 15)).join('|')}) printf '%s pid %s started %s\\n' "$name" "\${p#/proc/}" "$(sed 's/^.*) //' "$p/stat" | cut -d' ' -f20)" ;; esac
done | sort`;

/** One line for each process of the cluster on a machine: its name, id and start time. A restarted one has another line. */
export async function processStarts(machine: Machine): Promise<readonly string[]> {
  return readLines(machine, LIST);
}

/** Arguments of the processes with this name. */
export async function argumentsOf(machine: Machine, name: string): Promise<readonly (readonly string[])[]> {
  const lines = await readLines(
    machine,
    `for p in /proc/[0-9]*; do read -r n < "$p/comm" 2>/dev/null || continue; [ "$n" = ${name.slice(0, 15)} ] && { base64 -w0 < "$p/cmdline"; echo; }; done; true`,
  );
  return lines.map((line) =>
    Buffer.from(line, 'base64')
      .toString('utf8')
      .split('\0')
      .filter((word) => word !== ''),
  );
}

/** What of its environment a process with this name was started with, of variables whose names end like this. */
export async function environmentOf(machine: Machine, name: string, ending: string): Promise<readonly string[]> {
  const each = `tr '\\0' '\\n' < "$p/environ" | grep -i '^[a-z_]*${ending}=' || true`;
  return readLines(machine, `for p in /proc/[0-9]*; do read -r n < "$p/comm" 2>/dev/null || continue; [ "$n" = ${name.slice(0, 15)} ] && { ${each}; }; done; true`);
}
