import { command } from './quote.ts';
import { BACKUP_DIR, LEDGER, SALT, STATE_DIR } from './remote-paths.ts';

/**
 * Directories that a cluster fills by itself: kubeadm, the kubelet, containerd, CNI plugins. How much lay in them is written down before the first change to the
 * machine: in one that was absent or empty, all that comes later is the cluster's.
 */
export const CLUSTER_TREES = [
  ...['/etc/cni', '/etc/kubernetes', '/opt/cni', '/opt/containerd', '/usr/libexec/kubernetes', '/usr/local/lib/kubewright'],
  ...['/var/lib/cni', '/var/lib/containerd', '/var/lib/etcd', '/var/lib/kubelet', '/var/log/containers', '/var/log/pods'],
  ...['/run/containerd', '/run/flannel', '/run/nri'],
] as const;

/** The CA of the cluster that a machine is of. */
export const AUTHORITY_FILE = '/etc/kubernetes/pki/ca.crt';

/** Directories that pods have made where a machine has none, and that others fill as well. */
const CLUSTER_DIRECTORIES = ['/lib/modules'];

/** Kernel settings that the kubelet, kube-proxy and network plugins change by themselves. */
const CLUSTER_SYSCTLS = [
  ...['kernel/keys/root_maxbytes', 'kernel/keys/root_maxkeys', 'kernel/panic', 'kernel/panic_on_oops', 'vm/overcommit_memory', 'vm/panic_on_oom'],
  ...['net/ipv4/conf/all/route_localnet', 'net/ipv4/ip_forward', 'net/ipv6/conf/all/forwarding', 'net/bridge/bridge-nf-call-iptables'],
  ...['net/netfilter/nf_conntrack_max', 'net/netfilter/nf_conntrack_tcp_timeout_close_wait', 'net/netfilter/nf_conntrack_tcp_timeout_established'],
].map((name) => `/proc/sys/${name}`);

/** Where the ledger has the network interfaces, and the chains and tables of the packet filter, that were there before. */
const LEDGER_LINKS = 'network interfaces';
const LEDGER_CHAINS = 'packet filter chains';
const LEDGER_TABLES = 'packet filter tables';

/** Names of chains that kube-proxy, the kubelet, flannel and CNI plugins make. */
export const CLUSTER_CHAINS = '(KUBE|FLANNEL|CNI)-[A-Za-z0-9-]+';

/** Tables of nftables that iptables makes for them, or that they make, as `FAMILY/NAME`. */
export const CLUSTER_TABLES = '(ip|ip6)/(filter|nat|mangle|raw|security|kube-proxy|flannel-ipv[46])';

/** Network interfaces that flannel, kube-proxy and CNI plugins make, as a pattern of `case`; those of pods go with the pods. */
export const CLUSTER_LINKS = 'cni0 | flannel.* | flannel-v6.* | kube-ipvs0';

/** Where containerd has what runs, as `NAMESPACE/ID`, and where it answers. */
export const TASKS_DIR = '/run/containerd/io.containerd.runtime.v2.task';
export const RUNTIME_SOCKET = '/run/containerd/containerd.sock';

/**
 * `kw_shims [NAMESPACES]`: processes that watch containers of Kubernetes, and those of these namespaces, a pattern. Those of a cluster that runs inside of a container or a lab on this machine are in
 * another pid namespace. `kw_contained`: processes of pods: the kubelet has them at the root of the control groups, and one inside of a container below that container's. `kw_others`: containers in
 * other namespaces of this containerd, as `NAMESPACE/ID`: those that run are told by their directories, those that do not by containerd, if it answers. `kw_inits NAMESPACE/ID...`: the first process of
 * each; one that has its number by chance is told by its control group.
 */
export const CONTAINERS_SHELL = `
kw_shims() {
  own=$(readlink /proc/self/ns/pid)
  for p in $(grep -laF containerd-shim- /proc/[0-9]*/cmdline 2>/dev/null); do
    p=\${p%/cmdline}
    tr '\\0' ' ' 2>/dev/null < "$p/cmdline" | grep -qE "containerd-shim-[a-z0-9-]+ -namespace (k8s\\.io\${1:+|$1}) " || continue
    [ "$(readlink "$p/ns/pid")" != "$own" ] || printf '%s ' "\${p##*/}"
  done
  :
}
kw_contained() { find /sys/fs/cgroup/kubepods* -name cgroup.procs -exec cat {} + 2>/dev/null || :; }
kw_others() {
  {
    for task in ${TASKS_DIR}/*/*; do [ ! -d "$task" ] || printf '%s\\n' "\${task#${TASKS_DIR}/}"; done
    if [ -S ${RUNTIME_SOCKET} ] && command -v ctr > /dev/null; then
      for space in $(timeout 10 ctr namespaces ls -q 2>/dev/null); do timeout 10 ctr -n "$space" containers ls -q 2>/dev/null | sed "s|^|$space/|"; done
    fi
  } | sed '/^k8s\\.io\\//d' | sort -u | tr '\\n' ' '
}
kw_inits() {
  for one; do
    pid=$(cat "${TASKS_DIR}/$one/init.pid" 2>/dev/null) || continue
    ! grep -qF "\${one#*/}" "/proc/$pid/cgroup" 2>/dev/null || printf '%s ' "$pid"
  done
}`.trim();

/**
 * `kw_filters`: programs that know a packet filter of this machine, each a prefix of `-save` and `-restore`. Legacy tables are asked for only where the kernel has some: asking would make them.
 * `kw_chains`, `kw_tables`: names, with blanks between. `kw_unit_state UNIT`: whether it starts at boot, and whether it runs or tries to. `kw_sealed FILE`: a digest that tells nothing to who has not
 * this machine's salt: that of a short secret could be guessed.
 */
export const STATE_SHELL = `
kw_filters() {
  for family in iptables ip6tables; do
    command -v $family-nft-save > /dev/null && printf '%s-nft\\n' $family
    names=/proc/net/ip_tables_names; [ $family = iptables ] || names=/proc/net/ip6_tables_names
    [ -s $names ] && command -v $family-legacy-save > /dev/null && printf '%s-legacy\\n' $family
  done
  :
}
kw_chains() { for filter in $(kw_filters); do $filter-save 2>/dev/null | sed -nE 's/^:(${CLUSTER_CHAINS}) .*/\\1/p'; done | sort -u | tr '\\n' ' '; }
kw_unit_state() {
  enabled=disabled; if [ "$(systemctl is-enabled "$1" 2>/dev/null)" = enabled ]; then enabled=enabled; fi
  case $(systemctl is-active "$1" 2>/dev/null) in active | activating | reloading) printf '%s active' $enabled ;; *) printf '%s inactive' $enabled ;; esac
}
kw_sealed() { cat ${SALT} "$1" | sha256sum | cut -d' ' -f1; }
kw_tables() { command -v nft > /dev/null && nft list tables 2>/dev/null | awk '{printf "%s/%s ", $2, $3}'; }`.trim();

/**
 * The ledger, the one record of what a machine was before: `kw_ledger PATH WHAT [SHA256]` writes down, before the change, that it is ours to undo: what will be there, and, the first time, what
 * was: digest, mode and owner of a file with a copy of it, the target of a link, whether a unit was enabled and active, the value of a kernel setting. Of what is `secret` no copy is
 * kept, and `kw_seal FILE` gives the digest. `kw_mkdir DIRECTORY` makes a directory with those above it, each in the ledger. With its first line the ledger holds the ground: what was in the directories that a cluster fills, the
 * network interfaces, the packet filter, kernel settings. `kw_claim` writes down of which cluster the machine is: its name, which the script knows as `KW_CLUSTER`, and its CA once that is there; the last of
 * these lines counts. One line for a path and content, one copy for a path: it does not grow with runs. A line is on the disk before the change that it tells of.
 */
export const LEDGER_SHELL = `
${STATE_SHELL}
kw_json() {
  case $1 in
    *[!A-Za-z0-9/._:@+-]*) printf %s "$1" | tr '\\n\\t' '  ' | sed 's/[\\\\"]/\\\\&/g' ;;
    *) printf %s "$1" ;;
  esac
}
kw_line() { printf '{"path":"%s","what":"%s","sha256":"%s","existed":%s,"backup":"%s","was":"%s","run":"%s"}\\n' "$(kw_json "$1")" "$2" "$3" "$4" "$5" "$(kw_json "$6")" "\${KW_RUN:-}"; }
kw_seal() {
  kw_ground
  [ -s ${SALT} ] || { (umask 077; head -c 32 /dev/urandom > ${SALT}.new); sync ${SALT}.new; mv -f ${SALT}.new ${SALT}; }
  kw_sealed "$1"
}
kw_keep() {
  backup=$(kw_sha "$1")
  cp -p "$1" "${BACKUP_DIR}/$backup.new"; sync "${BACKUP_DIR}/$backup.new"; mv -f "${BACKUP_DIR}/$backup.new" "${BACKUP_DIR}/$backup"
}
# Of a tree, which may be a link to one, in which nothing but directories lies: these.
kw_directories() {
  [ -z "$(find "$1/" -mindepth 1 ! -type d -print -o -name '*[[:space:]]*' -print | head -n 1)" ] || return 0
  find "$1/" -mindepth 1 -printf ' %m,%u:%g,%P'
}
kw_ground() {
  [ ! -e ${LEDGER} ] || return 0
  (
    umask 077; mkdir -p ${STATE_DIR} ${BACKUP_DIR}; chmod 0700 ${STATE_DIR}
    {
      for tree in ${command(...CLUSTER_TREES)}; do
        if [ -d "$tree" ]; then kw_line "$tree" tree '' true '' "$(find "$tree/" -mindepth 1 | wc -l) $(stat -Lc '%a %U:%G' "$tree")$(kw_directories "$tree")"; else kw_line "$tree" tree '' false '' ''; fi
      done
      for directory in ${command(...CLUSTER_DIRECTORIES)}; do [ -d "$directory" ] || kw_line "$directory" directory '' false '' ''; done
      for setting in ${command(...CLUSTER_SYSCTLS)}; do [ ! -r "$setting" ] || kw_line "$setting" sysctl '' true '' "$(cat "$setting")"; done
      kw_line '${LEDGER_LINKS}' links '' true '' "$(ls /sys/class/net | tr '\\n' ' ')"
      kw_line '${LEDGER_CHAINS}' chains '' true '' "$(kw_chains)"
      kw_line '${LEDGER_TABLES}' tables '' true '' "$(kw_tables)"
    } > ${LEDGER}.new
    sync ${LEDGER}.new; mv -f ${LEDGER}.new ${LEDGER}
  )
}
kw_before() {
  case $2 in
    unit) was=$(kw_unit_state "$1"); existed=true ;;
    package | module) ;;
    sysctl) if [ -r "$1" ]; then existed=true; was=$(cat "$1"); fi ;;
    *)
      if [ -L "$1" ]; then existed=true; was="link $(readlink "$1")"
      elif [ -f "$1" ]; then
        existed=true; was="file $(stat -c '%a %U:%G' "$1")"
        [ "$2" = secret ] || kw_keep "$1"
      elif [ -d "$1" ]; then existed=true; was=directory
      fi ;;
  esac
}
# A line that a power cut has halved tells of a change that was never made. An earlier version has ended such lines, so that only whole ones count.
kw_whole_lines() {
  [ -s ${LEDGER} ] && [ "$(tail -c 1 ${LEDGER} | wc -l)" = 0 ] || return 0
  (umask 077; sed '$d' ${LEDGER} > ${LEDGER}.new); sync ${LEDGER}.new; mv -f ${LEDGER}.new ${LEDGER}
}
kw_has() { grep -aF "$1" ${LEDGER} | grep -qa '"run":"[^"]*"}$'; }
kw_claim() {
  [ -n "\${KW_CLUSTER:-}" ] || return 0
  authority=; [ ! -f ${AUTHORITY_FILE} ] || authority=$(kw_sha ${AUTHORITY_FILE})
  claim="{\\"path\\":\\"$(kw_json "$KW_CLUSTER")\\",\\"what\\":\\"cluster\\",\\"sha256\\":\\"$authority"
  case $(grep -a '"what":"cluster"' ${LEDGER} | tail -n 1) in "$claim"*) return 0 ;; esac
  kw_line "$KW_CLUSTER" cluster "$authority" false '' '' >> ${LEDGER}
  sync ${LEDGER}
}
kw_ledger() {
  kw_ground
  kw_whole_lines
  path=$(kw_json "$1"); line="{\\"path\\":\\"$path\\","
  if kw_has "$line\\"what\\":\\"$2\\",\\"sha256\\":\\"\${3:-}\\""; then return 0; fi
  kw_claim
  existed=false; backup=; was=
  if ! kw_has "$line"; then kw_before "$1" "$2"; fi
  kw_line "$1" "$2" "\${3:-}" "$existed" "$backup" "$was" >> ${LEDGER}
  sync ${LEDGER}
}
kw_mkdir() {
  [ ! -d "$1" ] || return 0
  kw_mkdir "$(dirname "$1")"
  kw_ledger "$1" directory
  mkdir -p "$1"
}`.trim();
