import { kubeconfigKey } from '../../facts/keys.ts';
import { command, quote } from '../../shell/quote.ts';
import type { Kind } from '../kind.ts';
import { DRIFTED_EXIT } from '../kind.ts';
import { withHost } from '../predict.ts';

/** What holds a kubeconfig in memory and must be started anew to read it again: a unit, or a static pod's program, which the kubelet starts again. */
export type KubeconfigReader = { readonly unit: string } | { readonly program: string };

/** The server of a kubeconfig on a host. The file holds a key: it is changed there, and nothing of it leaves the machine. */
export interface KubeconfigServerAction {
  readonly kind: 'kubeconfig-server';
  readonly path: string;
  /** The server that was seen there; the action fails as drifted when another stands there. */
  readonly from: string;
  readonly to: string;
  readonly reader?: KubeconfigReader;
}

const RESTART_SECONDS = 60;

/**
 * Whoever reads it is started anew in the same script, which the host finishes whatever becomes of the connection; a restart of the machine, which alone ends it, starts the reader
 * anew as well.
 */
function restartShell(reader: KubeconfigReader | undefined): readonly string[] {
  if (reader === undefined) return [];
  if ('unit' in reader)
    return [
      command('systemctl', 'restart', reader.unit),
      `kw_until ${RESTART_SECONDS} ${quote(`${reader.unit} runs`)} ${command('systemctl', 'is-active', '--quiet', reader.unit)}`,
    ];
  return [
    `old=$(kw_pids ${quote(reader.program)})`,
    `is_new() { for p in $(kw_pids ${quote(reader.program)}); do case " $old " in *" $p "*) ;; *) return 0;; esac; done; return 1; }`,
    'for p in $old; do kill -TERM "$p"; done',
    `kw_until ${RESTART_SECONDS} ${quote(`the kubelet has started ${reader.program} again`)} is_new`,
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
      'kw_ledger "$file" secret',
      'new=$(dirname "$file")/.$(basename "$file").kubewright-new; rm -f "$new"; (umask 077; cp -p "$file" "$new")',
      `awk '$1 == "server:" { print substr($0, 1, index($0, "server:") + 7) ENVIRON["KW_TO"]; next } { print }' "$file" > "$new"`,
      // Nobody is sent where nobody answers: the new file is tried with its own credentials before it takes the old one's place.
      `if command -v kubectl > /dev/null; then answer=$(command kubectl --kubeconfig "$new" --request-timeout=10s get --raw /readyz 2>&1) && [ "$answer" = ok ] || { rm -f "$new"; printf '%s does not answer: %s\\n' "$KW_TO" "$answer"; exit 1; }; fi`,
      'mv -f "$new" "$file"',
      'fi',
      ...restartShell(reader),
    ].join('\n'),
    inputs: [],
  }),
  predict: ({ path, to }, view) => withHost(view, ({ kubeconfigs }) => ({ kubeconfigs: { ...kubeconfigs, [path]: { ...kubeconfigs[path], server: to } } })),
};
