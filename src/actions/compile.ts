import type { Planned, Slot, TextRef } from '../plan/plan.ts';
import { OWN_API_SERVER } from '../shell/kubectl.ts';
import { markerFunctions } from '../shell/markers.ts';
import { LEDGER_SHELL } from '../shell/ledger-shell.ts';
import { quote } from '../shell/quote.ts';
import type { Action } from './action.ts';
import { DRIFTED_EXIT, inputName } from './kind.ts';
import { FETCH_SHELL } from './fetch-shell.ts';
import { kindOf } from './kinds.ts';

/**
 * What scripts are written with. `kw_expect PATH SHA256|absent`: stops as drifted unless the file is so. `kw_ledger` and `kw_mkdir`: the ledger
 * (`shell/ledger-shell.ts`). `kw_put PATH MODE OWNER`: places `$KW_IN/new` by rename (`kw_replace` alone tells the ledger nothing, `kw_put_secret` that it was a secret); until then its name begins with a dot, which the kubelet passes over where it looks for
 * static pods. `kw_program BLOB SHA256 STORED LINK`: moves a blob into the store and points the link to it. `kw_until SECONDS WHAT COMMAND...`: waits until the command succeeds.
 * `kw_fetch URL [MEMBER SHA256]...`: makes blobs of a published file (`fetch-shell.ts`). `kw_unmount DIRECTORY`: nothing is mounted below it any more.
 * `kw_pids NAME`: processes of the program of exactly that name (the kernel's own name of a process ends after 15 letters, where kube-controller-manager is Calico's kube-controllers) on the host's own
 * network, since one in a pod's network belongs to another cluster.
 */
const PRELUDE = `
kw_sha() { sha256sum < "$1" | cut -d' ' -f1; }
kw_expect() {
  if [ -L "$1" ] || { [ -e "$1" ] && [ ! -f "$1" ]; }; then printf '%s is not a regular file\\n' "$1"; exit ${DRIFTED_EXIT}; fi
  if [ -f "$1" ]; then now=$(kw_sha "$1"); else now=absent; fi
  [ "$now" = "$2" ] || { printf '%s: expected %s, found %s\\n' "$1" "$2" "$now"; exit ${DRIFTED_EXIT}; }
}
${LEDGER_SHELL}
${FETCH_SHELL}
kw_put() {
  kw_ledger "$1" file "$(kw_sha "$KW_IN/new")"
  kw_mkdir "$(dirname "$1")"
  kw_replace "$1" "$2" "$3"
}
kw_put_secret() {
  if [ -L "$1" ] || { [ -e "$1" ] && [ ! -f "$1" ]; }; then printf '%s is not a regular file\\n' "$1"; exit ${DRIFTED_EXIT}; fi
  kw_ledger "$1" secret "$(kw_seal "$KW_IN/new")"
  kw_mkdir "$(dirname "$1")"
  kw_replace "$1" "$2" "$3"
}
kw_replace() {
  beside=$(dirname "$1")/.$(basename "$1").kubewright-new; rm -f "$beside"
  (umask 077; cp "$KW_IN/new" "$beside")
  chown "\${3:-root:root}" "$beside"; chmod "$2" "$beside"
  mv -f "$beside" "$1"; rm -f "$KW_IN/new"
}
kw_program() {
  kw_ledger "$4" program "$2"
  kw_mkdir "$(dirname "$3")"; kw_mkdir "$(dirname "$4")"
  if [ -f "$1" ]; then chmod 0755 "$1"; chown root:root "$1"; mv -f "$1" "$3"; fi
  [ -f "$3" ] || { printf '%s is neither uploaded nor in the store\\n' "$4"; exit 1; }
  ln -sfn "$3" "$4.kubewright-new"; mv -fT "$4.kubewright-new" "$4"
}
kw_pids() {
  begin=$(printf %.15s "$1"); network=$(readlink /proc/self/ns/net)
  for process in /proc/[0-9]*; do
    { read -r name < "$process/comm"; } 2>/dev/null || continue
    [ "$name" = "$begin" ] && [ "$(readlink "$process/ns/net")" = "$network" ] || continue
    program=$(readlink "$process/exe") || continue
    program=\${program%" (deleted)"}
    [ "\${program##*/}" = "$1" ] && printf '%s ' "\${process#/proc/}"
  done
  return 0
}
kw_unmount() {
  while read -r _ mount _; do case $mount in "$1"/*) printf '%b\\n' "$mount";; esac; done < /proc/self/mounts | sort -r | while IFS= read -r mount; do
    umount "$mount" 2>/dev/null || umount -l "$mount"
  done
}
kw_until() {
  end=$(($(date +%s) + $1)); awaited=$2; shift 2
  until "$@"; do [ "$(date +%s)" -lt "$end" ] || { printf 'waited in vain: %s\\n' "$awaited"; return 1; }; sleep 0.5; done
}`;

export interface CompiledStep {
  readonly script: string;
  /** Texts and slots that the script reads, each once. */
  readonly inputs: readonly (TextRef | Slot)[];
}

/** All actions of a step as one script: one round trip, each action between its markers, the first failure ends it. `cluster`: its name, for the ledger; of a repair it is not known. */
export function compileActions(actions: readonly Planned<Action>[], cluster = ''): CompiledStep {
  const scripts = actions.map(({ action }) => kindOf(action).script());
  // `set -e` does nothing in a subshell that stands left of `||` or in an `if`: the status is looked at afterwards.
  const parts = scripts.map(({ shell }, index) => `kw_started ${index}\n(\nset -eu\n${shell}\n)\nkw_status=$?\n[ "$kw_status" = 0 ] || exit "$kw_status"\nkw_finished ${index}`);
  const inputs = new Map(scripts.flatMap((script) => script.inputs.map((input) => [inputName(input), input] as const)));
  return {
    script: [
      `umask 022\nexport PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\nKW_CLUSTER=${quote(cluster)}\n${markerFunctions}\n${OWN_API_SERVER}\n${PRELUDE}`,
      ...parts,
    ].join('\n'),
    inputs: [...inputs.values()],
  };
}
