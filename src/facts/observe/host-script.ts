import { RUNTIME_SOCKET } from '../../shell/ledger-shell.ts';
import type { MergedProbes } from '../probe-request.ts';
import { command } from '../../shell/quote.ts';
import { GROUND } from '../ground/ground-script.ts';
import { LEDGER_STATE } from '../ledger/ledger-script.ts';
import { packagesShell } from '../probes/packages.ts';

/** Largest file whose text an observation brings. */
const TEXT_LIMIT_BYTES = 65_536;

/** Processes whose arguments and start times are facts: what a cluster is made of, and its runtime. */
const OBSERVED_PROCESSES = ['containerd', 'etcd', 'haproxy', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kubelet'];

const NL_WORDS = (words: readonly string[]): string => command(...words);

/** Last line of a section that must be whole to say anything. */
export const COMPLETE = '#complete';

/** Names stand between `|` and line ends in the answer. */
const isAskable = (name: string): boolean => ![...name].some((character) => character === '|' || character < ' ');

/** Sections by name: shell whose standard output the parser of the same name reads. An empty list asks nothing. */
function sections(probes: MergedProbes): readonly (readonly [name: string, shell: string])[] {
  const each = (words: readonly string[], body: string): string => (words.length === 0 ? ':' : `for f in ${NL_WORDS(words)}; do ${body}; done`);
  const once = (words: readonly string[], head: string): string => (words.length === 0 ? ':' : `${head} ${NL_WORDS(words)} 2>/dev/null`);
  return [
    ['identity', IDENTITY],
    ['platform', PLATFORM],
    [
      'modules',
      'cut -d" " -f1 /proc/modules 2>/dev/null; for m in overlay br_netfilter ip_vs nf_conntrack; do [ -d /sys/module/$m ] && echo $m; done; [ -e /proc/sys/net/bridge/bridge-nf-call-iptables ] && echo br_netfilter; grep -qw overlay /proc/filesystems && echo overlay',
    ],
    ['addresses', 'ip -o addr show 2>/dev/null'],
    // What stat says nothing of is absent: only a whole list may say so. Exit code 1 is that of absent files.
    ['stat', `${once(probes.files, `stat -c '%n|%F|%s|%a|%U:%G'`)}; [ $? -le 1 ] && echo '${COMPLETE}'`],
    ['links', each(probes.files, `[ -L "$f" ] && printf '%s|%s|%s\\n' "$f" "$(readlink "$f")" "$(stat -L -c %s "$f" 2>/dev/null)"`)],
    ['sha256', probes.files.length === 0 ? ':' : each(probes.files, '[ -f "$f" ] && [ ! -L "$f" ] && printf "%s\\0" "$f"') + ' | xargs -0 -r sha256sum'],
    ['texts', each(probes.texts, `[ -f "$f" ] && [ "$(stat -c %s "$f")" -le ${TEXT_LIMIT_BYTES} ] && printf '%s|%s\\n' "$f" "$(base64 -w0 < "$f")"`)],
    ['units', once(probes.units, 'systemctl show --no-pager -p Id,LoadState,ActiveState,UnitFileState,MainPID')],
    ['inputs', each(probes.units, `[ -f "/run/kubewright/inputs/$f" ] && printf '%s|%s\\n' "$f" "$(base64 -w0 < "/run/kubewright/inputs/$f")"`)],
    ['sysctls', each(probes.sysctls, `p=/proc/sys/$(echo "$f" | tr . /); [ -r "$p" ] && printf '%s|%s\\n' "$f" "$(cat "$p")"`)],
    ['packages', probes.packages.length === 0 ? ':' : packagesShell(probes.packages)],
    ['images', `[ -S ${RUNTIME_SOCKET} ] && command -v ctr >/dev/null && ctr -n k8s.io images ls && echo "${COMPLETE}"`],
    ['processes', PROCESSES],
    ['certificates', each(probes.certificates, `[ -f "$f" ] && { printf '#%s\\n' "$f"; sed -n '/-BEGIN CERTIFICATE-/,/-END CERTIFICATE-/p' "$f"; }`)],
    ['kubeconfigs', each(probes.kubeconfigs, KUBECONFIG)],
    ['podhosts', 'for f in /var/lib/kubelet/pods/*/etc-hosts; do [ -f "$f" ] && printf "%s|%s\\n" "$f" "$(base64 -w0 < "$f")"; done'],
    ['etcddata', '[ -d /var/lib/etcd/member ] && echo yes'],
    ['ground', probes.ground ? GROUND : ':'],
    ['ledger', probes.ledger ? LEDGER_STATE : ':'],
    ['runs', ''],
    // The expiry is by the host's own clock.
    ['lock', 'cat /var/lib/kubewright/lock.json 2>/dev/null && date +%s'],
  ];
}

const IDENTITY = [
  'hostname',
  'cat /etc/machine-id 2>/dev/null || echo',
  'cat /sys/class/dmi/id/product_uuid 2>/dev/null || echo',
  `for i in /sys/class/net/*; do [ "\${i##*/}" = lo ] || printf 'mac|%s|%s\\n' "\${i##*/}" "$(cat "$i/address" 2>/dev/null)"; done`,
  `for k in /etc/ssh/ssh_host_*_key.pub; do [ -f "$k" ] && printf 'key|%s\\n' "$(cut -d' ' -f1,2 "$k")"; done`,
].join('\n');

/** Shell that prints what a file of the form of os-release(5) says. */
export function osReleaseShell(path: string): string {
  return `. ${path} 2>/dev/null; printf 'os|%s|%s|%s|%s\\n' "$ID" "$ID_LIKE" "$VERSION_ID" "$PRETTY_NAME"`;
}

/** Bit 24 of the capability mask is CAP_SYS_RESOURCE (capability.h). */
const PLATFORM = [
  osReleaseShell('/etc/os-release'),
  `printf 'kernel|%s|%s\\n' "$(uname -r)" "$(uname -m)"`,
  `printf 'container|%s\\n' "$(systemd-detect-virt --container 2>/dev/null)"`,
  `printf 'cgroup|%s\\n' "$(stat -f -c %T /sys/fs/cgroup 2>/dev/null)"`,
  `printf 'capabilities|%s\\n' "$(sed -n 's/^CapBnd:[[:space:]]*//p' /proc/self/status)"`,
  `printf 'nofile|%s\\n' "$(ulimit -Hn)"`,
  `printf 'swap|%s\\n' "$(($(wc -l < /proc/swaps) - 1))"`,
  `printf 'resolved|%s\\n' "$([ -e /run/systemd/resolve/resolv.conf ] && systemctl is-active systemd-resolved 2>/dev/null)"`,
  `printf 'cpus|%s\\n' "$(nproc)"`,
  `printf 'memory|%s\\n' "$(sed -n 's/^MemTotal:[[:space:]]*\\([0-9]*\\).*/\\1/p' /proc/meminfo)"`,
  `printf 'boot|%s\\n' "$(cat /proc/sys/kernel/random/boot_id)"`,
].join('\n');

const PROCESSES = `for p in /proc/[0-9]*; do
  read -r n < $p/comm 2>/dev/null || continue
  case "$n" in ${OBSERVED_PROCESSES.map((name) => name.slice(0, 15)).join('|')}) printf '%s|%s|%s\\n' "\${p#/proc/}" "$(sed 's/^.*) //' $p/stat 2>/dev/null | cut -d' ' -f20)" "$(base64 -w0 < $p/cmdline 2>/dev/null)";; esac
done`;

const KUBECONFIG = `[ -f "$f" ] && { printf '#%s\\n' "$f"; sed -n 's/^ *server: */server|/p' "$f"; sed -n 's/^ *client-certificate-data: */certificate|/p' "$f"; sed -n 's/^ *client-certificate: */certificate-file|/p' "$f" | while IFS='|' read -r _ c; do printf 'certificate|%s\\n' "$(sed -n '/-BEGIN CERTIFICATE-/,/-END CERTIFICATE-/p' "$c" 2>/dev/null | base64 -w0)"; done; }`;

/**
 * The script that answers all requests in one round trip: one JSON object of section name to base64 of what the section printed.
 * It changes nothing. Throws a plain error for a name with `|` or a control character. `runsShell` lists this tool's own runs (the host adapter's format).
 */
export function hostScript(probes: MergedProbes, runsShell: string): string {
  const unaskable = Object.values<readonly string[] | boolean>({ ...probes })
    .flat()
    .find((name) => typeof name === 'string' && !isAskable(name));
  if (unaskable !== undefined) throw new Error(`${JSON.stringify(unaskable)} cannot be asked for: an answer about it could not be told from others`);
  const parts = sections(probes).map(
    ([name, shell], index) => `printf '${index === 0 ? '' : ','}"${name}":"'; { ${name === 'runs' ? runsShell : shell}\n} 2>/dev/null </dev/null | base64 -w0; printf '"'`,
  );
  return ['export LC_ALL=C PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', "printf '{'", ...parts, "printf '}\\n'"].join('\n');
}
