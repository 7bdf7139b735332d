const MOST_SERVERS = 16;
const ANSWER_SECONDS = 2;

/** Shell that reads servers, one a line: what the name of each resolves to on this machine, and whether anything answers there. */
export const ASK_SERVERS = `grep -aE '^https?://[^ ]+$' | sort -u | head -n ${MOST_SERVERS} | {
  while IFS= read -r s; do (
    h=\${s#*://}; h=\${h%%/*}
    case "$h" in '['*) h=;; *) h=\${h%:*};; esac
    case "$h" in ''|*[!0-9.]*) [ -n "$h" ] && printf 'name|%s|%s\\n' "$h" "$(timeout 3 getent ahosts "$h" 2>/dev/null | awk '{ print $1 }' | sort -u | tr '\\n' ' ')";; esac
    command -v curl >/dev/null 2>&1 && printf 'answer|%s|%s\\n' "$s" "$(curl -sk --noproxy '*' -m ${ANSWER_SECONDS} -o /dev/null -w '%{http_code}' "$s/readyz" 2>/dev/null)"
  ) & done; wait; }`;

/** Servers of which a machine tried whether they answer: each true or false. Lines are the fields of what `ASK_SERVERS` printed. */
export function answersOf(lines: readonly (readonly string[])[]): Readonly<Record<string, boolean>> {
  return Object.fromEntries(lines.flatMap(([kind, server = '', code = '']) => (kind === 'answer' ? [[server, code !== '000' && code !== '']] : [])));
}
