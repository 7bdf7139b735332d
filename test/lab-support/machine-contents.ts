import { readLines } from './on-machine.ts';
import type { Machine } from './test-lab.ts';

/** What is no part of a machine's contents, each with why. */
const PASSED_OVER: Readonly<Record<string, string>> = {
  '/proc': 'the kernel: what of it can be set is listed by itself',
  '/sys': 'the kernel',
  '/dev': 'the kernel and terminals',
  '/run': 'memory: what counts of it, mounts and namespaces, is listed by itself',
  '/tmp': 'memory',
  '/var/tmp': 'directories that systemd makes at each boot',
  '/var/log/journal': 'logs',
  '/var/log/wtmp': 'who logged in',
  '/var/log/lastlog': 'who logged in',
  '/var/lib/systemd': 'systemd: its timers, its seed',
};

const PRUNED = Object.keys(PASSED_OVER)
  .map((path) => `-path ${path}`)
  .join(' -o ');

const FIND = `find / \\( ${PRUNED} \\) -prune -o`;

/** Settings of the kernel that count something, or that belong to an interface. */
const COUNTED = '/proc/sys/(kernel/random|kernel/ns_last_pid|kernel/pty|fs/|net/netfilter/nf_conntrack_count|net/ipv[46]/(conf|neigh)/[^/]*[0-9.]+/)';

/** What the report of a reset says stays: its own lock. */
export const LEFT_BY_RESET = /^(\S+: )?new: (place|bytes) \/var\/lib\/kubewright(\/lock\.(json|flock))?: /;

/**
 * Everything of a machine that a reset must bring back: each file with digest, mode and owner, directory and link; unit files and what services do; mounts, network namespaces and interfaces; the
 * packet filter; settings of the kernel.
 */
export async function machineContents(machine: Machine): Promise<ReadonlyMap<string, string>> {
  const listed = async (kind: string, script: string): Promise<readonly (readonly [string, string])[]> => {
    const lines = await readLines(machine, script);
    return lines.map((line) => [`${kind} ${line.slice(0, line.indexOf('\t'))}`, line.slice(line.indexOf('\t') + 1)] as const);
  };
  const all = await Promise.all([
    listed('place', `${FIND} -printf '%p\\t%y %m %u:%g %l\\n'`),
    listed('bytes', `${FIND} -type f -print0 | xargs -0 sha256sum | sed -E 's/^([0-9a-f]+)  (.*)/\\2\\t\\1/'`),
    listed('unit file', `systemctl list-unit-files --plain --no-legend | awk '$2 != "transient" {print $1 "\\t" $2}'`),
    // What waits for the network has once been asked for by the kubelet's unit.
    listed(
      'unit',
      `systemctl list-units --all --type=service,slice,mount --plain --no-legend | awk '$1 !~ /^(user|session|ssh@|run-|systemd-networkd-wait-online)/ {print $1 "\\t" $2, $3, $4}'`,
    ),
    listed('mount', `awk '$2 !~ "^/run/(user|credentials)" {print $2 "\\t" $1, $3}' /proc/self/mounts`),
    listed('interface', `for i in /sys/class/net/*; do printf '%s\\t%s\\n' "\${i##*/}" "$(cat "$i/mtu")"; done`),
    listed('namespace', `ls /run/netns 2>/dev/null | sed 's/$/\\t/'; true`),
    listed('route', `ip -o route | sed 's/ *$/\\t/'`),
    listed('filter', `for f in iptables ip6tables; do $f-save | grep -v '^#' | sed "s/\\[.*\\]//; s/^/$f /; s/$/\\t/"; done; nft list tables | sed 's/$/\\t/'; true`),
    listed('setting', `find /proc/sys -type f -perm /222 | grep -vE '${COUNTED}' | while read -r f; do printf '%s\\t%s\\n' "$f" "$(tr '\\n\\t' '  ' 2>/dev/null < "$f")"; done`),
  ]);
  return new Map(all.flat());
}
