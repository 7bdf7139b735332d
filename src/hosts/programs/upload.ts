import type { HostLayout } from '../../shell/host-layout.ts';
import { program } from './prelude.ts';

/**
 * Receives a blob from the byte at which its part ends. Header: `end sha256 size`; answers with `##kw-run END OFFSET`,
 * then takes the rest. A writer that gets nothing for 3 s is one whose connection died unnoticed: it is put aside.
 */
export function uploadProgram(layout: HostLayout): string {
  return program(
    layout,
    `
# OpenSSL uses what the processor has for it: three times as fast as coreutils on large files.
kw_digest() { if command -v openssl > /dev/null; then openssl dgst -sha256 -r; else sha256sum; fi | cut -d' ' -f1; }
kw_part_size() { stat -c %s "$part"; }
kw_own_part() {
  still=0 before=
  exec 8>> "$part"
  until flock -n 8; do
    now=$(kw_part_size 2>/dev/null)
    if [ "$now" = "$before" ]; then still=$((still + 1)); else still=0; fi
    before=$now
    if [ "$still" -ge 30 ]; then writer=$(cat "$blob.pid" 2>/dev/null) && { kill -- "-$writer" || kill "$writer"; } 2>/dev/null; still=0; fi
    sleep 0.1
  done
}
read -r end sha size || exit 1
mkdir -p "$STATE/blobs" && chmod 0700 "$STATE" || exit 1
blob=$STATE/blobs/$sha part=$STATE/blobs/$sha.part
[ ! -e "$blob" ] || kw_end present
kw_own_part
if [ -e "$blob" ]; then rm -f "$part"; kw_end present; fi
echo $$ > "$blob.pid"
have=$(kw_part_size)
if [ "$have" -gt "$size" ]; then : > "$part"; have=0; fi
kw_begin "$have"
head -c "$((size - have))" >&8 || kw_end unwritable
[ "$(kw_part_size)" -eq "$size" ] || exit 1
rm -f "$blob.pid"
if [ "$(kw_digest < "$part")" != "$sha" ]; then : > "$part"; kw_end corrupt; fi
chmod 0600 "$part" && sync "$part" && mv "$part" "$blob" || kw_end unwritable
kw_end stored
`,
  );
}
