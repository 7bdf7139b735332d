import type { HostLayout } from '../../shell/host-layout.ts';
import { quote } from '../../shell/quote.ts';

/**
 * Shared by the programs. `end` is a nonce of the request: what stands between the `##kw-run` and the `##kw-end` line
 * with it is the answer, whatever a login shell or a script prints around.
 */
const FUNCTIONS = `
kw_begin() { printf '##kw-run %s %s\\n' "$end" "$1"; }
kw_end() { printf '##kw-end %s %s\\n' "$end" "$*"; exit 0; }
kw_text() { text=$(head -c "$1"); [ "\${#text}" -eq "$1" ] || exit 1; }
kw_file() { head -c "$2" > "$1" || exit 1; [ "$(stat -c %s "$1")" -eq "$2" ] || exit 1; }
kw_inputs() {
  left=$2
  while [ "$left" -gt 0 ]; do
    read -r name length || exit 1
    kw_file "$1/$name" "$length"
    left=$((left - 1))
  done
}
kw_uptime() { read -r up idle < /proc/uptime; echo "\${up%%.*}"; }
kw_outcome() {
  if { [ "$1" -eq 124 ] || [ "$1" -eq 137 ]; } && [ $(($(kw_uptime) - $2)) -ge "$3" ]; then echo deadline; else echo "exited $1"; fi
}
kw_sweep() {
  for left in "$1"/*; do
    if [ -d "$left" ] && ! kill -0 "\${left##*/}" 2>/dev/null; then rm -rf "$left"; fi
  done
}
`;

/**
 * The lock file is one line of a layout that `sed` can read; `until` is in seconds of the host's own clock.
 * `kw_fenced RUN TOKEN`: has the host seen a higher number, or does another run hold it?
 */
const FENCE = `
kw_lock_line() { sed -n 's/^{"token":\\([0-9]*\\),"runId":"\\([^"]*\\)","until":\\([0-9]*\\),.*$/\\1 \\2 \\3/p' "$STATE/lock.json" 2>/dev/null; }
kw_fenced() {
  set -- "$1" "$2" $(kw_lock_line)
  [ "$#" -eq 5 ] || return 1
  [ "$3" -gt "$2" ] && return 0
  [ "$4" != "$1" ] || return 1
  [ "$3" -eq "$2" ] || [ "$5" -gt "$(date +%s)" ]
}
`;

/** The environment, the directories and the functions that every program starts with. */
export function prelude(layout: HostLayout): string {
  const settings = [`PATH=${quote(layout.path)}`, 'LC_ALL=C', 'export PATH LC_ALL', 'umask 077', `RUN=${quote(layout.runDir)}`, `STATE=${quote(layout.stateDir)}`];
  return `${settings.join('\n')}\n${FUNCTIONS.trim()}\n${FENCE.trim()}`;
}

/** A whole program. As one `{ }` list it is parsed to its end before its first command runs. */
export function program(layout: HostLayout, body: string): string {
  return `{\n${prelude(layout)}\n${body.trim()}\n}`;
}

/**
 * Runs the script in `$text` in a shell of its own, with an empty environment and no standard input; it stands in no
 * file and in no argument. `$secs` is its deadline; further variables follow as words.
 */
export function runText(variables: string): string {
  const shell = `sh -c 'eval "exec </dev/null\n$(cat)"'`;
  return `printf '%s\\n' "$text" | timeout -k 5 "$secs" env -i PATH="$PATH" HOME=/root ${variables} ${shell}`;
}
