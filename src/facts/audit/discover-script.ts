import type { ScriptSection } from '../section-script.ts';
import { sectionScript } from '../section-script.ts';
import { WATCHED_PROGRAMS } from './programs.ts';

/** Largest file whose text an audit brings. */
export const TEXT_LIMIT_BYTES = 65_536;
const MOST_MANIFESTS = 100;

/** Where kubeadm's kubelet looks, for a machine on which no kubelet runs that could tell. */
const USUAL_KUBELET_CONFIG = '/var/lib/kubelet/config.yaml';
const USUAL_MANIFESTS = '/etc/kubernetes/manifests';

/** What deployers leave; which of them are there. */
const MARKS = [
  '/etc/kubewright',
  '/etc/kubernetes/kubeadm-config.yaml',
  '/etc/kubernetes/kubescheduler-config.yaml',
  '/etc/kubeone',
  '/etc/kubernetes/kubeone',
  '/etc/kubekey',
  '/etc/rancher/k3s',
  '/etc/rancher/rke2',
];

const IDENTITY = [
  'hostname',
  'cat /etc/machine-id 2>/dev/null || echo',
  'cat /sys/class/dmi/id/product_uuid 2>/dev/null || echo',
  'systemd-detect-virt --container 2>/dev/null || echo none',
  `for k in /etc/ssh/ssh_host_*_key.pub; do [ -f "$k" ] && printf 'key|%s\\n' "$(head -c 4096 "$k" | cut -d' ' -f1,2)"; done`,
].join('\n');

const INTERFACES = `for i in /sys/class/net/*; do printf 'mac|%s|%s\\n' "\${i##*/}" "$(cat "$i/address" 2>/dev/null)"; done
ip -o addr show 2>/dev/null | awk '{ n = split($4, part, "/"); sub(/@.*/, "", $2); kind = ($0 ~ / secondary / || part[2] == 32 || part[2] == 128) ? "floating" : "address"; print kind "|" $2 "|" part[1] }'`;

/**
 * pid, start, unit, arguments, environment of each process of a component. A process in a network of its own runs in a pod: it is no part of this
 * cluster. Of the environment only what configures etcd or names a proxy, without passwords. Field 22 of `stat` is the start; the name before it may hold blanks (proc(5)).
 */
const PROCESSES = `own=$(readlink /proc/1/ns/net)
wanted='^(ETCD_[A-Z0-9_]+|(https?|no|all)_proxy|(HTTPS?|NO|ALL)_PROXY)='
for p in /proc/[0-9]*; do
  read -r n < $p/comm 2>/dev/null || continue
  case "$n" in ${WATCHED_PROGRAMS.map((name) => name.slice(0, 15)).join('|')}) ;; *) continue;; esac
  [ "$(readlink $p/ns/net)" = "$own" ] || continue
  { read -r stat < $p/stat; } 2>/dev/null || continue
  set -- \${stat##*) }
  unit=
  while read -r group; do case "$unit:$group" in :*/*.service) unit=\${group##*/};; esac; done < $p/cgroup
  environment=
  if grep -qazE "$wanted" $p/environ; then environment=$(tr '\\0' '\\n' < $p/environ | grep -aE "$wanted" | grep -avE '^ETCD_[A-Z_]*(PASSWORD|USER)' | sed 's#//[^/@]*@#//#g' | head -c ${TEXT_LIMIT_BYTES} | base64 -w0); fi
  printf '%s|%s|%s|%s|%s\\n' "\${p#/proc/}" "\${20}" "$unit" "$(head -c ${TEXT_LIMIT_BYTES} $p/cmdline | base64 -w0)" "$environment"
done`;

/** `arg PID NAME`: the value of \`--NAME=V\` or \`--NAME V\`, the last one. */
const KUBELET = `arg() { tr '\\0' '\\n' < "/proc/$1/cmdline" 2>/dev/null | awk -v f="--$2" 'index($0, f "=") == 1 { v = substr($0, length(f) + 2) } take { v = $0; take = 0 } $0 == f { take = 1 } END { print v }'; }
field() { head -c ${TEXT_LIMIT_BYTES} "$1" 2>/dev/null | sed -n 's/^["{ ]*staticPodPath"\\{0,1\\}[[:space:]]*:[[:space:]]*//p' | head -n 1 | tr -d "\\"'," | sed 's/[[:space:]]*$//'; }
config='' dir=''
for p in /proc/[0-9]*; do
  read -r n < $p/comm 2>/dev/null || continue
  [ "$n" = kubelet ] || continue
  config=$(arg "\${p#/proc/}" config); dir=$(arg "\${p#/proc/}" pod-manifest-path)
  break
done
[ -n "$config" ] || config=${USUAL_KUBELET_CONFIG}
[ -n "$dir" ] || dir=$(field "$config")
[ -n "$dir" ] || dir=${USUAL_MANIFESTS}`;

const PRINT_CONFIG = `[ -f "$config" ] && printf '%s|%s|%s\\n' "$config" "$(stat -L -c %s "$config")" "$(head -c ${TEXT_LIMIT_BYTES} "$config" | base64 -w0)"`;

/** The kubelet passes over names with a leading dot, and so does the pattern. */
const PRINT_MANIFESTS = `k=0
for f in "$dir"/*; do
  [ -e "$f" ] || [ -L "$f" ] || continue
  k=$((k + 1)); [ "$k" -le ${MOST_MANIFESTS} ] || break
  if [ -f "$f" ]; then printf 'file|%s|%s|%s\\n' "$(printf %s "$f" | base64 -w0)" "$(stat -L -c %s "$f")" "$(head -c ${TEXT_LIMIT_BYTES} "$f" | base64 -w0)"
  elif [ -L "$f" ]; then printf 'dangling|%s||\\n' "$(printf %s "$f" | base64 -w0)"
  elif [ ! -d "$f" ]; then printf 'special|%s||\\n' "$(printf %s "$f" | base64 -w0)"; fi
done`;

/** Units of the components: those that their processes belong to, and their usual names for what does not run. */
const UNITS = `systemctl show --no-pager -p Id,EnvironmentFiles,IPAddressAllow $({ printf '%s\\n' kubelet.service etcd.service containerd.service; sed -n 's#.*/\\([^/]*\\.service\\)$#\\1#p' /proc/[0-9]*/cgroup 2>/dev/null | grep -E '^(kubelet|etcd|containerd|crio|docker)'; } | sort -u) 2>/dev/null`;

const sections: readonly ScriptSection[] = [
  { name: 'identity', shell: IDENTITY },
  { name: 'interfaces', shell: INTERFACES },
  { name: 'processes', shell: PROCESSES },
  { name: 'kubelet', shell: `${KUBELET}\n${PRINT_CONFIG}` },
  { name: 'manifests', shell: `${KUBELET}\n${PRINT_MANIFESTS}` },
  { name: 'units', shell: UNITS },
  { name: 'marks', shell: `for f in ${MARKS.join(' ')}; do [ -e "$f" ] && echo "$f"; done` },
];

/** First look at a machine: who it is, what runs there and with which arguments. It changes nothing. */
export function discoverScript(): string {
  return sectionScript(sections);
}
