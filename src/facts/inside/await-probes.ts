import { kubectl } from '../../shell/kubectl.ts';
import type { ScriptSection } from '../section-script.ts';

/** How long a control plane may be kept waiting for what every node has to bring about. */
export interface InsidePatience {
  /** Probe pods that run, and figures, of every node. */
  readonly seconds: number;
  /** The same where some node is not Ready and may have neither. */
  readonly secondsUnready: number;
}

const KUBELET_PORT = 10_250;
/** For TCP and TLS; a machine that is on answers in milliseconds. */
const KUBELET_CONNECT_SECONDS = 2;
const NODES_AT_ONCE = 64;
const LOOKS_PER_SECOND = 2;

const NODE_LINE = `jsonpath={range .items[*]}{.metadata.name}{"|"}{.status.addresses[?(@.type=="InternalIP")].address}{"|"}{.status.conditions[?(@.type=="Ready")].status}{"\\n"}{end}`;

/** Every node: its name, its addresses, whether it is Ready. */
export const NODES: ScriptSection = { name: 'nodes', shell: kubectl('get', 'nodes', '--output', NODE_LINE) };

/**
 * The names of nodes whose kubelet takes no connection, in `$d/silent`, after `NODES`: a machine that is off keeps its Node Ready for 40 s, and a pod that is to be removed there
 * until it is back. Nobody waits for those.
 */
export const SILENT: ScriptSection = {
  name: 'silent',
  shell: `n=0; batch=
while IFS='|' read -r node addresses ready; do
  ( curl -sk --noproxy '*' -o /dev/null --connect-timeout ${KUBELET_CONNECT_SECONDS} --max-time ${KUBELET_CONNECT_SECONDS * 2} "https://\${addresses%% *}:${KUBELET_PORT}/healthz" || echo "$node" ) & batch="$batch $!"
  n=$((n + 1)); [ $((n % ${NODES_AT_ONCE})) -ne 0 ] || { wait $batch; batch=; }
done < "$d/nodes"
wait $batch`,
};

/** Shell functions: `is_silent NODE`; `seconds_to_wait` prints how long. */
export function waitingFunctions({ seconds, secondsUnready }: InsidePatience): string {
  return `is_silent() { grep -qxF -- "$1" "$d/silent"; }
seconds_to_wait() { if grep -qv '|True$' "$d/nodes"; then echo ${secondsUnready}; else echo ${seconds}; fi; }`;
}

/** Waits until every node but the silent ones has a probe pod that is ready; `pods` prints them as `NODE|POD|ADDRESS|READY`. */
export function awaitProbes(pods: string): string {
  return `all_ready() {
  ${pods} > "$d/ready" || return 1
  while IFS='|' read -r node rest; do is_silent "$node" || grep -q "^$node|.*|True$" "$d/ready" || return 1; done < "$d/nodes"
}
n=0; most=$(($(seconds_to_wait) * ${LOOKS_PER_SECOND}))
until all_ready; do
  n=$((n + 1)); [ "$n" -lt "$most" ] || exit 1
  sleep ${1 / LOOKS_PER_SECOND}
done`;
}
