import { hostOfServer } from '../../facts/audit/addresses.ts';
import { kubeconfigKey } from '../../facts/keys.ts';
import { command, quote } from '../../shell/quote.ts';
import type { Kind } from '../kind.ts';
import { DRIFTED_EXIT } from '../kind.ts';
import { withHost } from '../predict.ts';
import { handshake } from './endpoint-answers.ts';

/** What holds a kubeconfig in memory and must be started anew to read it again: a unit, or a static pod's program, which the kubelet starts again. */
export type KubeconfigReader =
  | { readonly unit: string; /** `host:port` where a kubelet says that it is well; empty where it says so nowhere. */ readonly healthz: string }
  | { readonly program: string };

/** The server of a kubeconfig on a host. The file holds a key: it is changed there, and nothing of it leaves the machine. */
export interface KubeconfigServerAction {
  readonly kind: 'kubeconfig-server';
  readonly path: string;
  /** The server that was seen there; the action fails as drifted when another stands there. */
  readonly from: string;
  readonly to: string;
  readonly reader?: KubeconfigReader;
}

const RESTART_SECONDS = 90;
/** One that cannot read its kubeconfig ends within a second or two. */
const STAYS_SECONDS = 10;
const TRY_SECONDS = 10;
const HTTPS_PORT = 443;

/** A process of at least so many seconds; the 22nd word of its line is its start, in hundredths since boot (proc(5)). */
const LIVES = `lives() { awk -v least="$2" 'NR == FNR { up = $1; next } { sub(/^.*\\) /, ""); exit !(up - $20 / 100 >= least) }' /proc/uptime "/proc/$1/stat" 2>/dev/null; }`;
/** curl is on few machines, bash on all that kubeadm knows; `$0` and `$1` are bash's. */
const IS_WELL = `is_well() { timeout ${TRY_SECONDS} bash -c 'exec 3<>"/dev/tcp/$0/$1" && printf "GET /healthz HTTP/1.0\\r\\n\\r\\n" >&3 && head -n 1 <&3 | grep -q " 200 "' "$1" "$2" 2>/dev/null; }`;

/**
 * Whoever reads it is started anew in the same script, which the host finishes whatever becomes of the connection; a restart of the machine, which alone ends it, starts the reader
 * anew as well.
 */
function restartShell(reader: KubeconfigReader | undefined): readonly string[] {
  if (reader === undefined) return [];
  return [LIVES, IS_WELL, ...restartOf(reader)];
}

function restartOf(reader: KubeconfigReader): readonly string[] {
  if ('unit' in reader)
    return [
      `main_pid() { ${command('systemctl', 'show', '-p', 'MainPID', '--value', reader.unit)}; }`,
      // systemd calls a unit active between two crashes too: what counts is one process that stays, and answers.
      `stays() { p=$(main_pid); case $p in ''|0|"$old") return 1;; esac; ${
        reader.healthz === ''
          ? `lives "$p" ${STAYS_SECONDS}`
          : `is_well ${reader.healthz
              .split(/:(?=\d+$)/)
              .map(quote)
              .join(' ')}`
      } && [ "$(main_pid)" = "$p" ]; }`,
      `old=$(main_pid); ${command('systemctl', 'restart', reader.unit)}`,
      `kw_until ${RESTART_SECONDS} ${quote(`the new process of ${reader.unit} stays and is well`)} stays || { journalctl -u ${quote(reader.unit)} --no-pager -n 10 2>&1; exit 1; }`,
    ];
  return [
    `old=$(kw_pids ${quote(reader.program)})`,
    `is_new() { for p in $(kw_pids ${quote(reader.program)}); do case " $old " in *" $p "*) ;; *) lives "$p" ${STAYS_SECONDS} && return 0;; esac; done; return 1; }`,
    'for p in $old; do kill -TERM "$p"; done',
    `kw_until ${RESTART_SECONDS} ${quote(`the kubelet has started ${reader.program} again`)} is_new`,
  ];
}

/** With its own credentials; where there is no kubectl, whether a server that its own authority has signed for shows itself there. */
function trialShell(to: string): readonly string[] {
  const [host, port] = [hostOfServer(to), Number(/:(\d+)\/?$/.exec(to)?.[1] ?? HTTPS_PORT)];
  return [
    `value_of() { sed -n "s/^ *$1: *//p" "$new" | head -n 1 | tr -d "\\"'"; }`,
    `authority() { case $(value_of certificate-authority-data) in '') (cd "$(dirname "$file")" && cat "$(value_of certificate-authority)");; *) value_of certificate-authority-data | base64 -d;; esac; }`,
    'is_tried() {',
    `if command -v kubectl > /dev/null; then answer=$(command kubectl --kubeconfig "$new" --request-timeout=10s get --raw /readyz 2>&1) && [ "$answer" = ok ]; return; fi`,
    `command -v openssl > /dev/null || { answer='neither kubectl nor openssl is on this machine to try it with'; return 1; }`,
    `answer=$(authority 2>&1 > "$new.ca" && timeout ${TRY_SECONDS} ${handshake({ host, port })} -CAfile "$new.ca" 2>&1 < /dev/null); tried=$?; rm -f "$new.ca"; return "$tried"`,
    '}',
  ];
}

const readerName = (reader: KubeconfigReader): string => ('unit' in reader ? reader.unit : reader.program);

export const kubeconfigServer: Kind<KubeconfigServerAction> = {
  words: ({ path, to, reader }) => `lead ${path} to ${to}${reader === undefined ? '' : `, and start ${readerName(reader)} anew`}`,
  details: ({ from, to, reader }) => ({ command: `server: ${from}  ->  server: ${to}`, ...(reader !== undefined && { restarts: readerName(reader) }) }),
  probes: ({ path }) => [{ probe: 'kubeconfig', path }],
  progress: ({ path, to }, reading) => {
    const fact = reading.read(kubeconfigKey(path));
    if (fact.state !== 'known') return 'unknown';
    return fact.value === to ? 'done' : 'absent';
  },
  script: ({ path, from, to, reader }) => ({
    shell: [
      // A link is followed: what is changed is the file that is read.
      `file=$(readlink -f ${quote(path)}); export KW_FROM=${quote(from)} KW_TO=${quote(to)}`,
      `now=$(sed -n 's/^ *server: *//p' "$file" | tr -d "\\"'")`,
      `if [ "$now" != "$KW_TO" ]; then`,
      `[ "$now" = "$KW_FROM" ] || { printf '%s: expected server %s, found %s\\n' ${quote(path)} "$KW_FROM" "$now"; exit ${DRIFTED_EXIT}; }`,
      'new=$(dirname "$file")/.$(basename "$file").kubewright-new; rm -f "$new"; (umask 077; cp -p "$file" "$new")',
      `awk '$1 == "server:" { print substr($0, 1, index($0, "server:") + 7) ENVIRON["KW_TO"]; next } { print }' "$file" > "$new"`,
      // Nobody is sent where nobody answers: the new file is tried with its own credentials before it takes the old one's place.
      ...trialShell(to),
      `is_tried || { rm -f "$new"; printf '%s does not answer: %s\\n' "$KW_TO" "$answer"; exit 1; }`,
      'kw_ledger "$file" secret "$(kw_seal "$new")"',
      'mv -f "$new" "$file"',
      'fi',
      ...restartShell(reader),
    ].join('\n'),
    inputs: [],
  }),
  predict: ({ path, to }, view) => withHost(view, ({ kubeconfigs }) => ({ kubeconfigs: { ...kubeconfigs, [path]: { ...kubeconfigs[path], server: to } } })),
};
