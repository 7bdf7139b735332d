import type { HostLayout } from '../../shell/host-layout.ts';
import { program, runText } from './prelude.ts';

/**
 * Runs a script within the connection. Header: `end run token nonce secs`, text: the script. Only the inputs touch the
 * (memory) file system; they go before the trailer is sent, and with the next run if this shell was killed outright.
 */
export function attachedProgram(layout: HostLayout): string {
  return program(
    layout,
    `
read -r end run token nonce secs length inputs || exit 1
dir=$RUN/attached/$$
mkdir -p "$RUN/attached" "$STATE" || exit 1
kw_sweep "$RUN/attached"
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' HUP INT TERM PIPE
rm -rf "$dir"
mkdir -p "$dir" || exit 1
kw_text "$length"
kw_inputs "$dir" "$inputs"
kw_begin "$nonce"
exec 9>> "$RUN/lock"
flock -w "$secs" 9 || kw_end busy
if kw_fenced "$run" "$token"; then kw_end fenced "$(cat "$STATE/lock.json")"; fi
since=$(kw_uptime)
cd /
{ ${runText('KW_IN="$dir" KW_NONCE="$nonce" KW_RUN="$run"')}; } 2>&1 9>&-
outcome=$(kw_outcome $? "$since" "$secs")
rm -rf "$dir"
kw_end "$outcome"
`,
  );
}
