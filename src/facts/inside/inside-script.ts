import { kubectl } from '../../shell/kubectl.ts';
import { markerFunctions } from '../../shell/markers.ts';
import { quote } from '../../shell/quote.ts';
import type { InsidePatience } from './await-probes.ts';
import { NODES, SILENT, awaitProbes, waitingFunctions } from './await-probes.ts';
import { encodeDnsQuery } from './dns-query.ts';
import type { ProbeRun } from './probe-manifest.ts';
import { PROBE_NAMESPACE, PROBE_PORT, PROBE_SELECTOR, RUN_LABEL } from './probe-manifest.ts';
import { AT_WORK_EXIT, deleteNamespaceOf, takeNamespace } from './take-namespace.ts';
import { OWN_DIRECTORY, printSections, runSection } from '../section-script.ts';

/** File of the script's inputs that holds the manifest of the probe. */
export const PROBE_MANIFEST_INPUT = 'probe.json';
/** The slot by which the script gives its answer. */
export const INSIDE_SLOT = 'inside';

export interface InsideRequest {
  readonly dnsDomain: string;
  /** For so many nodes figures are awaited; 0 where the cluster has no metrics-server. */
  readonly nodesWithMetrics: number;
  readonly patience: InsidePatience;
}

/** Of more nodes each asks only so many others: the questions grow with the nodes, not with their square. */
const PEERS_PER_NODE = 8;
const NODES_AT_ONCE = 16;
const ANSWER_SECONDS = 8;
/** Where a node is silent: the API server there is an endpoint of its service for a while, and who is led to it waits in vain. */
const ANSWER_SECONDS_SILENT = 4;

const inNamespace = (...words: readonly string[]): string => kubectl('--namespace', PROBE_NAMESPACE, ...words);
const POD_LINE = `jsonpath={range .items[*]}{.spec.nodeName}{"|"}{.metadata.name}{"|"}{.status.podIP}{"|"}{.status.conditions[?(@.type=="Ready")].status}{"\\n"}{end}`;

/** Figures exist two scrapes after a node came, 15 s apart (metrics-server): they are awaited, but no longer than all else where a node is silent. */
function metrics(nodes: number): string {
  return `n=0; most=$(seconds_to_wait)
while :; do
  out=$(${kubectl('--request-timeout=5s', 'top', 'nodes', '--no-headers')} 2>&1); code=$?
  [ "$(printf '%s\\n' "$out" | grep -vc '<unknown>')" -ge ${nodes} ] && [ "$code" -eq 0 ] && break
  [ -s "$d/silent" ] && [ -e "$d/asked.exit" ] && break
  n=$((n + 1)); [ "$n" -lt "$most" ] || break
  sleep 1
done
printf '%s\\n' "$out"; [ "$code" -eq 0 ] || { printf '%s\\n' "$out" >&2; exit "$code"; }`;
}

/** Writes for each probe pod that is ready what it shall be asked, of nobody on a silent node: lines of a query for `/dial` and the question's words. */
const QUESTIONS = `awk -F'|' -v d="$d" -v service="$(cat "$d/service")" -v name="$1" -v query="$2" '
BEGIN { dns = 0; pods = 0; while ((getline silent < (d "/silent")) > 0) away[silent] = 1 }
$4 != "True" || $1 in away { next }
FILENAME ~ /dnspods$/ { dnsnode[dns] = $1; dnspod[dns] = $2; dnsaddress[dns++] = $3; next }
{ node[pods] = $1; pod[pods] = $2; address[pods++] = $3 }
END {
  for (i = 0; i < pods; i++) {
    out = d "/ask." pod[i]
    print "host=" name "&port=443&request=readyz|name" > out
    print "host=" service "&port=443&request=readyz|service" > out
    for (j = 0; j < dns; j++) print "host=" dnsaddress[j] "&port=53&protocol=udp&request=" query "|dns " dnspod[j] " " dnsnode[j] > out
    for (k = 1; k < pods && k <= ${PEERS_PER_NODE}; k++) { j = (i + k) % pods; print "host=" address[j] "&port=${PROBE_PORT}&request=hostname|peer " node[j] > out }
    close(out)
  }
}' "$d/dnspods" "$d/probes"`;

/**
 * `ask_from NODE POD`: one connection to the pod through its kubelet, so that it can be spoken to where pods do not reach one another; through it all
 * questions at once. The first line of the named pipe tells the local port, or that kubectl ended.
 */
const ASK_FROM = `ask_from() {
  mkfifo "$d/forward.$2"; exec 3<> "$d/forward.$2"
  ( trap 'kill "$k"' TERM; ${inNamespace('port-forward', '--address', '127.0.0.1')} "pod/$2" :${PROBE_PORT} >&3 2> "$d/forward.$2.error" & k=$!; wait "$k"; echo ended >&3 ) & forward=$!
  line=$(timeout 10 head -n 1 <&3)
  port=\${line#*127.0.0.1:}; port=\${port%% *}
  case "$port" in
    ''|*[!0-9]*) printf '%s|forward|1|%s\\n' "$1" "$(tail -n 1 "$d/forward.$2.error" | base64 -w0)"; kill "$forward" 2>/dev/null; return ;;
  esac
  if [ -s "$d/silent" ]; then seconds=${ANSWER_SECONDS_SILENT}; else seconds=${ANSWER_SECONDS}; fi
  n=0; asked=
  while IFS='|' read -r query question; do
    n=$((n + 1))
    ( body=$(curl -sS --noproxy '*' --max-time "$seconds" "http://127.0.0.1:$port/dial?$query" 2>&1); code=$?
      printf '%s|%s|%s|%s\\n' "$1" "$question" "$code" "$(printf '%s' "$body" | base64 -w0)" > "$d/got.$2.$n" ) & asked="$asked $!"
  done < "$d/ask.$2"
  wait $asked
  kill "$forward" 2>/dev/null
  cat "$d/got.$2."*
}`;

const ASK_ALL = `n=0; batch=
while IFS='|' read -r node pod address ready; do
  [ -f "$d/ask.$pod" ] || continue
  ask_from "$node" "$pod" > "$d/answer.$pod" 2>/dev/null & batch="$batch $!"
  n=$((n + 1)); [ $((n % ${NODES_AT_ONCE})) -ne 0 ] || { wait $batch; batch=; }
done < "$d/probes"
wait $batch
cat "$d"/answer.* 2>/dev/null || :`;

/** Deleting a namespace takes its controller some seconds: pods go first and are seen to go, the empty namespace follows by itself. */
function clean({ runId }: ProbeRun): string {
  return `clean() {
  trap - EXIT
  ${deleteNamespaceOf(quote(runId), '--wait=false')} >/dev/null 2>&1
  rm -rf "$d"
}
trap clean EXIT
trap 'exit 1' HUP INT TERM PIPE`;
}

/** No kubelet tells that a pod of a silent node has ended: those are taken out of the API, and the machine ends its own when it is back. */
function remove({ runId }: ProbeRun): string {
  const daemonSets = (...options: readonly string[]): string =>
    `${inNamespace('delete', 'daemonsets', '--selector', `${RUN_LABEL}=${runId}`, '--cascade=foreground', '--ignore-not-found', ...options)} >/dev/null 2>&1`;
  const pods = inNamespace('delete', 'pods', '--selector', PROBE_SELECTOR, '--force', '--grace-period=0', '--wait=false', '--field-selector');
  return `if [ -s "$d/silent" ]; then
  ${daemonSets('--wait=false')}
  while IFS= read -r node; do ${pods} "spec.nodeName=$node" >/dev/null 2>&1 </dev/null; done < "$d/silent"
fi
${daemonSets('--timeout=20s')}
clean`;
}

/** What is asked of the API before the pods can be asked. */
const PROBE_PODS = inNamespace('get', 'pods', '--selector', PROBE_SELECTOR, '--sort-by', '.spec.nodeName', '--output', POD_LINE);
const LISTS = [
  { name: 'probes', shell: PROBE_PODS },
  { name: 'dnspods', shell: kubectl('--namespace', 'kube-system', 'get', 'pods', '--selector', 'k8s-app=kube-dns', '--output', POD_LINE) },
  { name: 'service', shell: kubectl('--namespace', 'default', 'get', 'service', 'kubernetes', '--output', 'jsonpath={.spec.clusterIP}') },
];

/**
 * The script that asks from inside the cluster, for the shell of one healthy control plane: a probe pod on every node (clearing first what a killed run
 * left), one connection to each, all questions, the answer by a slot, then everything away. It always ends with 0 but when it is stopped; where another
 * verification is at work it makes nothing, and its answer says so.
 */
export function insideScript({ dnsDomain, nodesWithMetrics, patience }: InsideRequest, run: ProbeRun): string {
  const name = `kubernetes.default.svc.${dnsDomain}`;
  const withMetrics = nodesWithMetrics > 0;
  const names = ['create', NODES.name, SILENT.name, 'rollout', ...LISTS.map((list) => list.name), 'asked', ...(withMetrics ? ['top'] : [])];
  const give = (sections: readonly string[]): string => `{ ${printSections(sections)}\n} | kw_slot ${INSIDE_SLOT}`;
  return [
    OWN_DIRECTORY,
    markerFunctions,
    clean(run),
    waitingFunctions(patience),
    ASK_FROM,
    `set -- ${quote(name)} ${quote(encodeDnsQuery(name))}`,
    "echo 'starting a probe pod on every node'",
    `{ ${runSection(NODES)}; ${runSection(SILENT)}; } & silent=$!`,
    runSection({ name: 'create', shell: `${takeNamespace(run)}\n${kubectl('create', '--filename')} "$KW_IN/${PROBE_MANIFEST_INPUT}"` }),
    `if [ "$(cat "$d/create.exit")" -eq ${AT_WORK_EXIT} ]; then ${give(['create'])}; exit 0; fi`,
    'wait "$silent"',
    withMetrics ? `${runSection({ name: 'top', shell: metrics(nodesWithMetrics) })} & top=$!` : 'top=',
    runSection({ name: 'rollout', shell: awaitProbes(PROBE_PODS) }),
    'lists=',
    ...LISTS.map((list) => `${runSection(list)} & lists="$lists $!"`),
    'wait $lists',
    "echo 'asking from inside the cluster'",
    runSection({ name: 'asked', shell: `${QUESTIONS}\n${ASK_ALL}` }),
    '[ -z "$top" ] || wait "$top"',
    give(names),
    "echo 'removing the probe pods'",
    remove(run),
  ].join('\n');
}
