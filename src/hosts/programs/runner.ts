import type { HostLayout } from '../../shell/host-layout.ts';
import { prelude } from './prelude.ts';

/**
 * What the transient unit of a detached run executes: `runner run DIR`, and `runner clean DIR` as `ExecStopPost`, which
 * comes whatever ended it. Inputs and script are gone before `exit` is there, and `exit` appears whole.
 */
export function runnerProgram(layout: HostLayout): string {
  return `${prelude(layout)}
dir=$2
kw_finish() {
  rm -rf "$dir/in" "$dir/script"
  printf '%s\\n' "$*" > "$dir/exit.new" && mv "$dir/exit.new" "$dir/exit"
}
if [ "$1" = clean ]; then
  [ -e "$dir/exit" ] || kw_finish killed "$SERVICE_RESULT"
  rm -rf "$dir/in" "$dir/script"
  exit 0
fi
echo $$ > "$dir/pid.new" && mv "$dir/pid.new" "$dir/pid"
read -r run token nonce secs < "$dir/params"
exec 9>> "$RUN/lock"
flock -w "$secs" 9 || { kw_finish busy; exit 0; }
if kw_fenced "$run" "$token"; then kw_finish fenced; exit 0; fi
since=$(kw_uptime)
cd /
timeout -k 10 "$secs" env -i PATH="$PATH" HOME=/root KW_IN="$dir/in" KW_NONCE="$nonce" KW_RUN="$run" sh "$dir/script" < /dev/null >> "$dir/out" 2>&1 9>&-
kw_finish "$(kw_outcome $? "$since" "$secs")"
`;
}
