import { command } from '../../shell/quote.ts';
import { CLUSTER_CA } from '../kubernetes-paths.ts';
import { OWN_DIRECTORY, sectionsShell } from '../section-script.ts';
import { API_PROXY_SOCKET } from '../../shell/remote-paths.ts';

/** Whom a host shall ask. */
export interface ReachTargets {
  /** The name that every API server's certificate carries. */
  readonly endpointHost: string;
  readonly apiPort: number;
  readonly controlPlanes: readonly { readonly name: string; readonly address: string }[];
}

const API_TIMEOUT_SECONDS = 8;
/** For TCP and TLS: of an API server whose machine is off nothing more is to be heard. */
const API_CONNECT_SECONDS = 5;
/** How often a proxy that has not made its first checks is asked again, each 250 ms: 8 s, for a worker's checks come every 5 s. */
const FIRST_CHECK_TRIES = 32;

/** The name resolves to the address for this one question: so the certificate is verified as any client of the endpoint would. */
function readyz({ endpointHost, apiPort }: ReachTargets, address: string): string {
  return command(
    ...['curl', '-sS', '--noproxy', '*', '--connect-timeout', String(API_CONNECT_SECONDS), '--max-time', String(API_TIMEOUT_SECONDS), '--cacert', CLUSTER_CA],
    ...['--resolve', `${endpointHost}:${apiPort}:${address}`, '-w', '\\n%{http_code}', `https://${endpointHost}:${apiPort}/readyz`],
  );
}

/** Right after a start or reload HAProxy calls servers up that it has not asked yet (`INI`). */
const PROXY = `n=0
while :; do
  out=$(printf 'show stat\\n' | ${command('socat', '-t', '2', '-', `UNIX-CONNECT:${API_PROXY_SOCKET}`)}) || exit $?
  case "$out" in *INI,*) ;; *) break ;; esac
  n=$((n + 1)); [ "$n" -lt ${FIRST_CHECK_TRIES} ] || break
  sleep 0.25
done
printf '%s\\n' "$out"`;

export function apiSection(name: string): string {
  return `api.${name}`;
}

/** The script by which a host tells what it reaches: one round trip, and it changes nothing. */
export function reachScript(targets: ReachTargets): string {
  const apis = targets.controlPlanes.map(({ name, address }) => ({ name: apiSection(name), shell: readyz(targets, address) }));
  return `${OWN_DIRECTORY}\n${sectionsShell([...apis, { name: 'proxy', shell: PROXY }])}`;
}
