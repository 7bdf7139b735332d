import { KUBELET_CONF, KUBERNETES_DIR } from '../kubernetes-paths.ts';
import { CONFIG_DIR } from '../../shell/remote-paths.ts';
import { command } from '../../shell/quote.ts';

/** Written by the first step on every machine. */
const PREPARED = `${CONFIG_DIR}/api-proxy.cfg`;

/** Where the tool and what it installs write. */
const PLACES = ['/etc', '/opt', '/run', '/usr/local', '/var/lib'];

/** Modules of what containers, kube-proxy and flannel need; each may be built in. */
const FEATURES = ['overlay', 'br_netfilter', 'nf_conntrack', 'vxlan'];

/** A kernel with no directory of modules shows of what is built in only what has a trace of its own: the rest is not known. */
const KERNEL_FEATURES = `for m in ${command(...FEATURES)}; do
  k=/lib/modules/$(uname -r); r=no; [ -d "$k" ] || r=unknown
  case $m in
    overlay) grep -qw overlay /proc/filesystems && r=yes ;;
    br_netfilter) [ -e /proc/sys/net/bridge/bridge-nf-call-iptables ] && r=yes ;;
    nf_conntrack) [ -e /proc/sys/net/netfilter/nf_conntrack_max ] && r=yes ;;
  esac
  { [ -d /sys/module/$m ] || grep -qsF "/$m.ko" "$k/modules.builtin" || modprobe -nq $m; } && r=yes
  printf 'feature|%s|%s\\n' $m $r
done`;

/** Where packages and installers of others put runtimes and kubelets; ours lie in `/usr/local/bin`, as links. */
const PROGRAMS = [
  ...['/usr/bin/containerd', '/usr/bin/dockerd', '/usr/bin/crio', '/usr/bin/kubelet', '/usr/bin/kubeadm'],
  ...['/usr/local/bin/k3s', '/usr/local/bin/k0s', '/usr/local/bin/rke2', '/snap/bin/microk8s'],
];

const FIREWALL_SERVICES = ['firewalld.service', 'ufw.service'];

/** Asked only of what the kernel has loaded: asking must load nothing. */
const FIREWALLS = [
  `for u in ${command(...FIREWALL_SERVICES)}; do systemctl is-active -q "$u" && printf 'firewall|%s\\n' "$u"; done`,
  `[ -d /sys/module/nf_tables ] && command -v nft >/dev/null && nft list chains 2>/dev/null | awk '/^table/{t=$2" "$3} /chain/{c=$2} /hook (input|forward).*policy drop/{print "firewall|chain "c" of nftables table "t}'`,
  `while read -r t; do [ "$t" = filter ] && command -v iptables-legacy >/dev/null && iptables-legacy -S | awk '/^-P (INPUT|FORWARD) DROP/{print "firewall|chain "$2" of iptables"}'; done < /proc/net/ip_tables_names`,
].join('\n');

const CLOUD_INIT = `grep -HEs '^[[:space:]]*manage_etc_hosts:' /etc/cloud/cloud.cfg /etc/cloud/cloud.cfg.d/*.cfg /var/lib/cloud/instance/cloud-config.txt | sed 's/^/cloudinit|/'`;

const ALWAYS = [
  `printf 'user|%s\\n' "$(id -u)"`,
  `printf 'clock|%s\\n' "$(date +%s%3N)"`,
  `for i in /sys/class/net/*; do [ "\${i##*/}" = lo ] || printf 'link|%s|%s|%s\\n' "\${i##*/}" "$(cat "$i/mtu")" "$(cat "$i/address")"; done`,
  `[ -e ${PREPARED} ] && echo 'prepared|yes'`,
].join('\n');

/** Writes of the size of etcd's, each synced, as its documentation measures them with fio; in a few series, of which the best tells what the disk can do. */
const SYNCED = { bytes: 2300, writes: 20, series: [1, 2, 3], seconds: 1 } as const;

/** A series that has not ended by then: its writes took longer than this, each. */
export const SLOWEST_SYNCED_MS = (SYNCED.seconds * 1000) / SYNCED.writes;

/**
 * Into a file among the logs, which a check may touch, where these lie on the disk that etcd will have. It has no name any more when it is written to, so that nothing of it stays, unless this is killed in the very
 * moment between. A series that takes too long (124) is the last, and has no figure; one that fails has no line.
 */
const DISK = `d=/var/lib; [ -d /var/lib/etcd ] && d=/var/lib/etcd; f=/var/log/.kubewright-$$
if [ "$(stat -Lc %d $d)" = "$(stat -Lc %d /var/log)" ] && ( set -C; : > "$f" ) 2>/dev/null; then
  ( exec 9<> "$f"; rm -f "$f"; for i in ${SYNCED.series.join(' ')}; do
    t=$(timeout ${SYNCED.seconds} dd if=/dev/zero of=/dev/fd/9 bs=${SYNCED.bytes} count=${SYNCED.writes} oflag=dsync conv=notrunc 2>&1)
    case $? in 0) printf '%s\\n' "$t" | awk -F', ' '/copied/{print "synced|" $(NF-1)*1000/${SYNCED.writes}}' ;; 124) echo 'synced|'; break ;; esac
  done )
  rm -f "$f"
fi`;

const OF_FRESH_MACHINES = [
  `[ -d /run/systemd/system ] && echo 'systemd|yes'`,
  `command -v apt-get >/dev/null && echo 'manager|apt'`,
  `command -v dnf >/dev/null && echo 'manager|dnf'`,
  `command -v ss >/dev/null && { s=$(ss -Hlntup); printf '%s\\n' "$s" | sed 's/^/socket|/'; for p in $(printf '%s\\n' "$s" | grep -o 'pid=[0-9]*' | cut -d= -f2 | sort -u); do printf 'unit|%s|%s\\n' "$p" "$(tail -n 1 /proc/$p/cgroup)"; done; echo 'sockets|complete'; }`,
  `ip -4 -o route show | sed 's/^/route|/'`,
  `for f in ${command(...PLACES)}; do [ -d "$f" ] && printf 'place|%s|%s|%s\\n' "$f" "$(df -Pk "$f" | awk 'NR == 2 {print $4}')" "$([ -w "$f" ] && echo yes)"; done`,
  DISK,
  `printf 'controllers|%s\\n' "$(cat /sys/fs/cgroup/cgroup.controllers)"`,
  KERNEL_FEATURES,
  `find ${KUBERNETES_DIR} /var/lib/etcd /etc/cni/net.d -type f 2>/dev/null | head -n 50 | sed 's/^/remain|/'`,
  `for f in ${command(...PROGRAMS)}; do [ -e "$f" ] && printf 'program|%s\\n' "$f"; done`,
  FIREWALLS,
  `printf 'selinux|%s\\n' "$(cat /sys/fs/selinux/enforce 2>/dev/null)"`,
  // Its value now, then the one that waits to be committed.
  `printf 'haproxybool|%s\\n' "$(cat /sys/fs/selinux/booleans/haproxy_connect_any 2>/dev/null)"`,
  `r=/etc/resolv.conf; systemctl is-active -q systemd-resolved && [ -e /run/systemd/resolve/resolv.conf ] && r=/run/systemd/resolve/resolv.conf; sed -n 's/^[[:space:]]*nameserver[[:space:]]*/nameserver|/p' "$r"`,
  `sed -n 's/^hosts:[[:space:]]*/sources|/p' /etc/nsswitch.conf`,
  CLOUD_INIT,
].join('\n');

/**
 * Shell that prints what `parseGround` reads, a line each: `KIND|...`. It changes nothing, leaves nothing and asks no other machine. On a machine that a run of this tool
 * has made a node, only what is compared with others is asked: that machine is never fresh.
 */
export const GROUND = `${ALWAYS}\n[ -e ${PREPARED} ] && [ -e ${KUBELET_CONF} ] || {\n${OF_FRESH_MACHINES}\n}`;
