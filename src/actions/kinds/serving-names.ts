import { certificateKey } from '../../facts/keys.ts';
import type { TextRef } from '../../plan/plan.ts';
import { command, quote } from '../../shell/quote.ts';
import { BACKUP_DIR } from '../../shell/remote-paths.ts';
import type { Kind } from '../kind.ts';
import { inputWords } from '../kind.ts';
import { withHost } from '../predict.ts';

/** The certificate with which an API server serves carries these names, and the API server shows it. */
export interface ServingNamesAction {
  readonly kind: 'serving-names';
  /** Names and addresses that it must carry. */
  readonly names: readonly string[];
  readonly certificate: string;
  readonly key: string;
  readonly authority: string;
  readonly authorityKey: string;
  /** Digest of the certificate that lay there when the plan was made; the action fails as drifted when another does. */
  readonly was: string;
  /** What kubeadm makes it from: `certificatesDir` is `SERVING_WORK_DIR`. */
  readonly config: TextRef;
  /** `host:port` of the API server. */
  readonly shownAt: string;
}

/** In memory, gone when the step ends: kubeadm makes the pair here, from links to the authority. */
export const SERVING_WORK_DIR = '/run/kubewright/serving-certificate';

const isAddress = (name: string): boolean => /^[0-9.]+$/.test(name) || name.includes(':');

/** The API server reads both files when they change, and keeps the old pair while they do not fit (apiserver, dynamiccertificates). */
const RELOAD_SECONDS = 150;

export const servingNames: Kind<ServingNamesAction> = {
  words: ({ names, certificate }) => `make ${certificate} anew with ${names.join(', ')} in it; the API server takes it up by itself`,
  details: ({ config }) => ({
    command: 'kubeadm init phase certs apiserver --config kubeadm.yaml',
    file: { path: 'kubeadm.yaml', mode: '0600', owner: 'root:root', content: [config] },
    knownAfter: 'the old pair is kept on the machine',
  }),
  probes: ({ certificate }) => [
    { probe: 'certificate', path: certificate },
    { probe: 'file', path: certificate, text: false },
  ],
  progress: ({ certificate, names }, reading) => {
    const fact = reading.read(certificateKey(certificate));
    if (fact.state !== 'known') return 'unknown';
    return names.every((name) => fact.value.includes(name)) ? 'done' : 'absent';
  },
  script: (action) => ({ shell: [makeShell(action), proveShell(action), placeShell(action), shownShell(action)].join('\n'), inputs: [action.config] }),
  predict: ({ certificate, names }, view) =>
    withHost(view, ({ certificates }) => {
      const now = certificates[certificate];
      if (now === undefined) return {};
      const add = (all: readonly string[], more: readonly string[]): readonly string[] => [...new Set([...all, ...more])];
      const changed = {
        ...now,
        names: add(
          now.names,
          names.filter((name) => !isAddress(name)),
        ),
        addresses: add(now.addresses, names.filter(isAddress)),
      };
      return { certificates: { ...certificates, [certificate]: changed } };
    }),
};

/** kubeadm makes no pair where one lies: it works in a directory of its own. */
function makeShell({ certificate, was, authority, authorityKey, config }: ServingNamesAction): string {
  const d = SERVING_WORK_DIR;
  return [
    command('kw_expect', certificate, was),
    `rm -rf ${d}; mkdir -p -m 0700 ${d}; trap 'rm -rf ${d}' EXIT`,
    command('ln', '-s', authority, `${d}/ca.crt`),
    command('ln', '-s', authorityKey, `${d}/ca.key`),
    `cat ${inputWords([config])} > ${d}/kubeadm.yaml`,
    `env -i PATH="$PATH" HOME=/root kubeadm init phase certs apiserver --config ${d}/kubeadm.yaml`,
  ].join('\n');
}

/** What was made is looked at before it takes the place of what serves. */
function proveShell({ names, authority }: ServingNamesAction): string {
  const made = `${SERVING_WORK_DIR}/apiserver.crt`;
  return [
    `${command('openssl', 'verify', '-CAfile', authority, made)} > /dev/null`,
    ...names.map(
      (name) =>
        `openssl x509 -noout -in ${made} ${isAddress(name) ? '-checkip' : '-checkhost'} ${quote(name)} | grep -q 'does match' || { printf 'the new certificate lacks %s\\n' ${quote(name)}; exit 1; }`,
    ),
  ].join('\n');
}

function placeShell({ certificate, key }: ServingNamesAction): string {
  const d = SERVING_WORK_DIR;
  return [
    // A run that died may have left a new key beside the old certificate: each pair is kept by itself, once, named by the certificate and by the public half of the key.
    `public=$(openssl pkey -in ${quote(key)} -pubout | sha256sum | cut -d' ' -f1)`,
    `keep=${BACKUP_DIR}/serving-$(kw_sha ${quote(certificate)})-key-$public; mkdir -p -m 0700 ${BACKUP_DIR} "$keep"`,
    'keep_once() { [ -e "$keep/$(basename "$1")" ] || { cp -p "$1" "$keep/.$(basename "$1")" && mv "$keep/.$(basename "$1")" "$keep/$(basename "$1")"; }; }',
    `${command('keep_once', certificate)}; ${command('keep_once', key)}`,
    `(umask 077; cat ${d}/apiserver.key > "$KW_IN/new")`,
    command('kw_put_secret', key, '600', 'root:root'),
    `cat ${d}/apiserver.crt > "$KW_IN/new"`,
    command('kw_put', certificate, '644', 'root:root'),
  ].join('\n');
}

function shownShell({ certificate, shownAt }: ServingNamesAction): string {
  return [
    `wanted=$(openssl x509 -noout -fingerprint -sha256 -in ${quote(certificate)})`,
    `shows() { [ "$(openssl s_client -connect ${quote(shownAt)} < /dev/null 2>/dev/null | openssl x509 -noout -fingerprint -sha256 2>/dev/null)" = "$wanted" ]; }`,
    `kw_until ${RELOAD_SECONDS} ${quote(`${shownAt} shows the new certificate`)} shows`,
  ].join('\n');
}
