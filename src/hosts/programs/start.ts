import type { HostLayout } from '../../shell/host-layout.ts';
import { FOLLOW_FUNCTIONS } from './follow.ts';
import { program } from './prelude.ts';

/** Run directories kept besides that of the run itself; older ones go when a run of a higher number starts. */
const KEPT_RUNS = 20;

const FUNCTIONS = `
kw_receive() {
  kw_sweep "$RUN/new"
  rm -rf "$new"
  mkdir -p "$new/in" || exit 1
  kw_file "$new/runner" "$1"
  kw_file "$new/meta" "$2"
  kw_file "$new/script" "$3"
  kw_inputs "$new/in" "$4"
  printf '{"startedAt":"%s",%s\\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$(cat "$new/meta")" > "$new/meta.json"
  printf '%s %s %s %s\\n' "$run" "$token" "$nonce" "$secs" > "$new/params"
  rm "$new/meta"
  : > "$new/out"
}
kw_ended_below() {
  for ended in "$1"/*/; do
    [ -e "$ended/exit" ] || return 1
    read -r other number rest < "$ended/params"
    [ "$number" -lt "$token" ] || return 1
  done
}
kw_prune() {
  ls -1t "$RUN/runs" | tail -n +${KEPT_RUNS + 1} | while IFS= read -r old; do
    if [ "$old" != "$run" ] && kw_ended_below "$RUN/runs/$old"; then rm -rf "$RUN/runs/$old"; fi
  done
}
kw_refused_before() { grep -qxE 'fenced|busy' "$dir/exit" 2>/dev/null; }
kw_started() {
  [ -e "$dir/params" ] && ! kw_refused_before || return 1
  [ -e "$dir/pid" ] || [ -e "$dir/exit" ] || systemctl is-active --quiet "$unit"
}
kw_start() {
  if kw_fenced "$run" "$token"; then kw_end fenced "$(cat "$STATE/lock.json")"; fi
  mkdir -p "$RUN/runs/$run" || exit 1
  kw_prune
  rm -rf "$dir"
  mv -T "$new" "$dir" || exit 1
  systemd-run --quiet --collect --unit="$unit" --service-type=exec \\
    -p UMask=0077 -p StandardInput=null -p StandardOutput=null -p KillMode=control-group -p TimeoutStopSec=10 \\
    -p "RuntimeMaxSec=$((secs * 2 + 60))" -p "ExecStopPost=/bin/sh $dir/runner clean $dir" \\
    /bin/sh "$dir/runner" run "$dir" < /dev/null 1>&2 8>&- || kw_refused
}
kw_refused() {
  kw_started && return
  rm -rf "$dir"
  kw_end unstarted
}
`.trim();

/**
 * Starts a detached run unless it is there already, then follows it. Header: `end run step unit token nonce secs offset`,
 * texts: runner, the rest of `meta.json`, script. A run's directory appears whole; one whose unit never came to life, or was
 * refused before its script began, is replaced. The start lock is held only while starting, `$RUN/lock` by the unit while its script runs.
 */
export function startProgram(layout: HostLayout): string {
  return program(
    layout,
    `
${FOLLOW_FUNCTIONS}
${FUNCTIONS}
read -r end run step unit token nonce secs offset runner meta script inputs || exit 1
dir=$RUN/runs/$run/$step
new=$RUN/new/$$
trap 'rm -rf "$new"' EXIT
trap 'exit 1' HUP INT TERM PIPE
mkdir -p "$RUN/runs" "$RUN/new" "$STATE" || exit 1
kw_receive "$runner" "$meta" "$script" "$inputs"
exec 8>> "$RUN/start.lock"
flock -w 60 8 || exit 1
kw_started || kw_start
exec 8>&-
rm -rf "$new"
kw_follow "$offset"
`,
  );
}
