import type { HostLayout } from '../../shell/host-layout.ts';
import { program } from './prelude.ts';

/** Written aside, synced and moved: a power cut must not leave an empty file, which would forget the number. */
const WRITE = `
kw_write_lock() {
  printf '{"token":%s,"runId":"%s","until":%s,"holder":%s}\\n' "$1" "$2" "$3" "$4" > "$STATE/lock.json.new" || exit 1
  sync "$STATE/lock.json.new" && mv "$STATE/lock.json.new" "$STATE/lock.json" || exit 1
}
kw_enter() {
  mkdir -p "$STATE" && chmod 0700 "$STATE" || exit 1
  exec 8>> "$STATE/lock.flock"
  flock -w 10 8 || exit 1
  kw_begin lock
}
`.trim();

/** Takes or renews the host's lock. Header: `end run token ttl over`, text: the holder as one line of JSON. A lock of the run `over` keeps nobody out. */
export function lockProgram(layout: HostLayout): string {
  return program(
    layout,
    `
${WRITE}
read -r end run token ttl over length || exit 1
kw_text "$length"
kw_enter
now=$(date +%s)
set -- $(kw_lock_line)
before=
if [ "$#" -eq 3 ] && ! { [ "$2" = "$run" ] && [ "$1" -le "$token" ]; }; then
  before=$1
  if [ "$3" -gt "$now" ] && [ "$2" != "$over" ]; then kw_end held "$(cat "$STATE/lock.json")"; fi
  if [ "$token" -le "$1" ]; then kw_end outnumbered "$(cat "$STATE/lock.json")"; fi
fi
kw_write_lock "$token" "$run" "$((now + ttl))" "$text"
kw_end taken $before
`,
  );
}

/** Gives the lock back if it is still this run's; its number stays. Header: `end run token`. */
export function unlockProgram(layout: HostLayout): string {
  return program(
    layout,
    `
${WRITE}
read -r end run token || exit 1
kw_enter
set -- $(kw_lock_line)
if [ "$#" -eq 3 ] && [ "$2" = "$run" ] && [ "$1" -eq "$token" ]; then
  kw_write_lock "$token" "$run" 0 "$(sed 's/^.*"until":[0-9]*,"holder":\\(.*\\)}$/\\1/' "$STATE/lock.json")"
fi
kw_end released
`,
  );
}
