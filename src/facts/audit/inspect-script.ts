import { quote } from '../../shell/quote.ts';
import type { ScriptSection } from '../section-script.ts';
import { sectionScript } from '../section-script.ts';
import { ASK_SERVERS } from './ask-servers.ts';
import { TEXT_LIMIT_BYTES } from './discover-script.ts';
import type { InspectRequest } from './inspect-request.ts';

const MOST_FILES = 200;

/** Shell: `body` for each word as `$f`; nothing for none. */
function each(words: readonly string[], body: string): string {
  return words.length === 0 ? ':' : `for f in ${words.map(quote).join(' ')}; do\n${body}\ndone`;
}

const PRINT_CERTIFICATES = `head -c ${TEXT_LIMIT_BYTES} "$f" 2>/dev/null | grep -qa -e '-BEGIN CERTIFICATE-' && { printf '#%s\\n' "$f"; head -c ${TEXT_LIMIT_BYTES} "$f" | sed -n '/-BEGIN CERTIFICATE-/,/-END CERTIFICATE-/p'; echo; }`;

function certificates({ certificates: files, directories }: InspectRequest): string {
  const listed = directories.map((directory) => `${quote(directory)}/*.crt ${quote(directory)}/*.pem ${quote(directory)}/*.cert`).join(' ');
  const named = files.map(quote).join(' ');
  if (files.length === 0) return ':';
  return `k=0; for f in ${named} ${listed}; do [ -f "$f" ] || continue; k=$((k + 1)); [ "$k" -le ${MOST_FILES} ] || break; ${PRINT_CERTIFICATES}; done`;
}

/** Names alone. */
function directories({ directories: paths, kubeconfigDirectories }: InspectRequest): string {
  const all = [...new Set([...paths, ...kubeconfigDirectories])];
  return each(all, `[ -d "$f" ] && for g in "$f"/*; do [ -e "$g" ] && printf '%s|%s\\n' "$f" "\${g##*/}"; done | head -n ${MOST_FILES}`);
}

/** Openssl reads the key on the machine and prints its public half, of which the digest is taken. */
const KEY = `if ! command -v openssl >/dev/null 2>&1; then printf '%s|no-openssl\\n' "$f"
elif [ ! -f "$f" ]; then printf '%s|absent\\n' "$f"
else
  if grep -qa 'PUBLIC KEY' "$f"; then set -- -pubin; else set -- -passin pass:; fi
  if openssl pkey "$@" -in "$f" -pubout -outform DER > "$d/public" 2>/dev/null; then printf '%s|%s\\n' "$f" "$(sha256sum < "$d/public" | cut -c1-64)"; else printf '%s|unreadable\\n' "$f"; fi
fi`;

/** Lines of a kubeconfig that hold no key, with their numbers; a value in braces could hold anything and is left. */
const KUBECONFIG_LINES = `'^[- ]*(server|certificate-authority-data|certificate-authority|insecure-skip-tls-verify|tls-server-name|client-certificate-data|client-certificate|current-context):[^{]*$'`;
const KUBECONFIG = `[ -f "$f" ] && { printf '#%s\\n' "$f"; head -c ${TEXT_LIMIT_BYTES} "$f" | grep -anE ${KUBECONFIG_LINES}
  c=$(head -c ${TEXT_LIMIT_BYTES} "$f" | sed -n 's/^[- ]*client-certificate: *//p' | head -n 1 | tr -d '"'); [ -n "$c" ] && [ -f "$c" ] && printf '0:client-certificate-data: %s\\n' "$(sed -n '/-BEGIN CERTIFICATE-/,/-END CERTIFICATE-/p' "$c" | base64 -w0)"
  c=$(head -c ${TEXT_LIMIT_BYTES} "$f" | sed -n 's/^[- ]*certificate-authority: *//p' | head -n 1 | tr -d '"'); [ -n "$c" ] && [ -f "$c" ] && printf '0:certificate-authority-data: %s\\n' "$(sed -n '/-BEGIN CERTIFICATE-/,/-END CERTIFICATE-/p' "$c" | base64 -w0)"; }`;

function kubeconfigWords({ kubeconfigs, kubeconfigDirectories }: InspectRequest): string {
  return [...kubeconfigs.map(quote), ...kubeconfigDirectories.map((directory) => `${quote(directory)}/*.conf`)].join(' ');
}

function kubeconfigs(request: InspectRequest): string {
  return `for f in ${kubeconfigWords(request)}; do\n${KUBECONFIG}\ndone`;
}

/** Every server that a kubeconfig here names. */
function servers(request: InspectRequest): string {
  return `for f in ${kubeconfigWords(request)}; do [ -f "$f" ] && head -c ${TEXT_LIMIT_BYTES} "$f" | sed -n 's/^[- ]*server: *//p' | tr -d "\\"' " ; done | ${ASK_SERVERS}`;
}

function files({ files: paths, digests }: InspectRequest): string {
  const kinds = each(paths, `if [ -f "$f" ]; then echo "file|$f"; elif [ -d "$f" ]; then echo "directory|$f"; elif [ -e "$f" ]; then echo "other|$f"; fi`);
  return `${kinds}\n${each(digests, `[ -f "$f" ] && [ "$(stat -L -c %s "$f")" -le 1048576 ] && printf 'digest|%s|%s\\n' "$f" "$(sha256sum < "$f" | cut -c1-64)"`)}`;
}

function environmentFiles(request: InspectRequest): string {
  return each(
    request.environmentFiles,
    `[ -f "$f" ] && { printf '#%s\\n' "$f"; head -c ${TEXT_LIMIT_BYTES} "$f" | grep -anE '^(export )?ETCD_[A-Z0-9_]+=' | grep -avE ':(export )?ETCD_[A-Z_]*(PASSWORD|USER)'; }`,
  );
}

/** A balancer's upstreams, read where the process itself sees its file: it may run in a container. */
function balancers({ balancers: sources }: InspectRequest): string {
  const shells = sources.map(
    ({ program, pid, path }) =>
      `f=/proc/${pid}/root${quote(path)}; [ -f "$f" ] && { printf '#%s|%s\\n' ${quote(program)} ${quote(path)}; head -c ${TEXT_LIMIT_BYTES} "$f" | grep -anE '^[[:space:]]*server[[:space:]]+[^ ]+' | sed 's/[[:space:]]\\{1,\\}/ /g'; }`,
  );
  return shells.length === 0 ? ':' : shells.join('\n');
}

const JOIN_FILES = `[ -f "$f" ] && head -c ${TEXT_LIMIT_BYTES} "$f" | grep -qaE '^kind: *JoinConfiguration' && { printf '#%s\\n' "$f"; head -c ${TEXT_LIMIT_BYTES} "$f" | grep -anE '^ *(apiServerEndpoint|unsafeSkipCAVerification):'; }`;

function joinFiles({ kubeconfigDirectories }: InspectRequest): string {
  if (kubeconfigDirectories.length === 0) return ':';
  return `for f in ${kubeconfigDirectories.map((directory) => `${quote(directory)}/*.conf ${quote(directory)}/*.yaml ${quote(directory)}/*.yml`).join(' ')}; do\n${JOIN_FILES}\ndone`;
}

/** Second look at a machine: what its processes named. It changes nothing, and no private key leaves the machine. */
export function inspectScript(request: InspectRequest): string {
  const sections: readonly ScriptSection[] = [
    { name: 'certificates', shell: certificates(request) },
    { name: 'directories', shell: directories(request) },
    { name: 'keys', shell: each(request.keys, KEY) },
    { name: 'kubeconfigs', shell: kubeconfigs(request) },
    { name: 'servers', shell: servers(request) },
    { name: 'files', shell: files(request) },
    { name: 'environment', shell: environmentFiles(request) },
    { name: 'balancers', shell: balancers(request) },
    { name: 'joins', shell: joinFiles(request) },
  ];
  return sectionScript(sections);
}
