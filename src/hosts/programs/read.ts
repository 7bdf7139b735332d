import type { HostLayout } from '../../shell/host-layout.ts';
import { program, runText } from './prelude.ts';

/** Runs a script that changes nothing; writes nothing itself. Header: `end secs`, text: the script. */
export function readProgram(layout: HostLayout): string {
  return program(
    layout,
    `
read -r end secs length || exit 1
kw_text "$length"
kw_begin read
since=$(kw_uptime)
cd /
${runText('LC_ALL=C')}
kw_end "$(kw_outcome $? "$since" "$secs")"
`,
  );
}
