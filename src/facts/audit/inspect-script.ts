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

/** Shell: `body` once for each file among words and patterns, as `$f`: what is named may lie in a directory that is listed too. */
function eachFile(words: readonly string[], body: string): string {
  if (words.length === 0) return ':';
  return `seen=' '; k=0; for f in ${words.join(' ')}; do
[ -f "$f" ] || continue
case "$seen" in *" $f "*) continue;; esac
seen="$seen$f "; k=$((k + 1)); [ "$k" -le ${MOST_FILES} ] || break
${body}
done`;
}

const PEM_LINES = `sed -n '/-BEGIN CERTIFICATE-/,/-END CERTIFICATE-/p'`;
const PRINT_CERTIFICATES = `pem=$(head -c ${TEXT_LIMIT_BYTES} "$f" 2>/dev/null | ${PEM_LINES}); [ -n "$pem" ] && printf '#%s\\n%s\\n\\n' "$f" "$pem"`;

function certificates({ certificates: files, directories }: InspectRequest): string {
  if (files.length === 0) return ':';
  const listed = directories.flatMap((directory) => ['crt', 'pem', 'cert'].map((ending) => `${quote(directory)}/*.${ending}`));
  return eachFile([...files.map(quote), ...listed], PRINT_CERTIFICATES);
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
  if openssl pkey "$@" -in "$f" -pubout -outform DER > "$d/public" 2>/dev/null; then sum=$(sha256sum < "$d/public"); printf '%s|%s\\n' "$f" "\${sum%% *}"; else printf '%s|unreadable\\n' "$f"; fi
fi`;

/** Lines of a kubeconfig that hold no key, with their numbers; a value in braces could hold anything and is left. */
const KUBECONFIG_LINES = `'^[- ]*(server|certificate-authority-data|certificate-authority|insecure-skip-tls-verify|tls-server-name|client-certificate-data|client-certificate|current-context):[^{]*$'`;
/** A line that names a certificate's file is followed by the certificate, as if it stood in the kubeconfig. */
const named = (key: string): string => `case "$lines" in *[!-]${key}:*)
  c=$(head -c ${TEXT_LIMIT_BYTES} "$f" | sed -n 's/^[- ]*${key}: *//p' | head -n 1 | tr -d '"'); [ -n "$c" ] && [ -f "$c" ] && printf '0:${key}-data: %s\\n' "$(${PEM_LINES} "$c" | base64 -w0)";;
esac`;
const KUBECONFIG = `lines=$(head -c ${TEXT_LIMIT_BYTES} "$f" | grep -anE ${KUBECONFIG_LINES}); printf '#%s\\n%s\\n' "$f" "$lines"\n${named('client-certificate')}\n${named('certificate-authority')}`;

function kubeconfigWords({ kubeconfigs, kubeconfigDirectories }: InspectRequest): readonly string[] {
  return [...kubeconfigs.map(quote), ...kubeconfigDirectories.map((directory) => `${quote(directory)}/*.conf`)];
}

function kubeconfigs(request: InspectRequest): string {
  return eachFile(kubeconfigWords(request), KUBECONFIG);
}

/** Every server that a kubeconfig here names. */
function servers(request: InspectRequest): string {
  const lines = eachFile(kubeconfigWords(request), `head -c ${TEXT_LIMIT_BYTES} "$f" | sed -n 's/^[- ]*server: *//p'`);
  return `{ ${lines}\n} | tr -d "\\"' " | ${ASK_SERVERS}`;
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
