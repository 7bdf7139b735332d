import type { HostLayout } from '../../shell/host-layout.ts';
import { program } from './prelude.ts';

/**
 * `kw_follow OFFSET` prints what the run in `$dir` has written and writes, from that byte on, until it has ended. The
 * trailer ends with the size of the output, so that the reader knows whether it has all of it.
 */
export const FOLLOW_FUNCTIONS = `
kw_alive() { [ -e "$dir/pid" ] && grep -qaF "$dir/runner" "/proc/$(cat "$dir/pid")/cmdline" 2>/dev/null; }
kw_await() {
  tries=0
  until [ -e "$dir/exit" ] || { [ -n "$2" ] && [ -e "$dir/$2" ]; }; do
    tries=$((tries + 1))
    [ "$tries" -lt "$1" ] || kw_end lost
    sleep 0.02
  done
}
kw_follow() {
  read -r run token nonce secs < "$dir/params"
  kw_begin "$nonce"
  kw_await 500 pid
  if [ ! -e "$dir/exit" ] && kw_alive; then
    tail -c "+$(($1 + 1))" -f -s 0.02 --pid="$(cat "$dir/pid")" "$dir/out"
  else
    tail -c "+$(($1 + 1))" "$dir/out"
  fi
  kw_await 1000 ''
  case $(cat "$dir/exit") in
    fenced) kw_end fenced "$(cat "$STATE/lock.json")" ;;
    *) kw_end "$(cat "$dir/exit")" "$(stat -c %s "$dir/out")" ;;
  esac
}
`.trim();

/** Follows a run that exists. Header: `end run step offset`. */
export function followProgram(layout: HostLayout): string {
  return program(
    layout,
    `
${FOLLOW_FUNCTIONS}
read -r end run step offset || exit 1
dir=$RUN/runs/$run/$step
[ -e "$dir/params" ] || kw_end absent
kw_follow "$offset"
`,
  );
}
