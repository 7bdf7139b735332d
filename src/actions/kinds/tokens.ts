import { clusterKey } from '../../facts/keys.ts';
import type { Slot } from '../../plan/plan.ts';
import { kubectl } from '../../shell/kubectl.ts';
import { command } from '../../shell/quote.ts';
import type { Kind } from '../kind.ts';
import { inputName, inputWords } from '../kind.ts';
import { withCluster } from '../predict.ts';

/** Description of every bootstrap token that this tool makes, so that those of a run that died are found. */
export const TOKEN_DESCRIPTION = 'kubewright';

/** A bootstrap token made up on the host for the init that follows: init itself then stores it. */
export interface TokenGenerateAction {
  readonly kind: 'token-generate';
  readonly slot: Slot<'text'>;
}

/** A bootstrap token of the living cluster. */
export interface TokenCreateAction {
  readonly kind: 'token-create';
  readonly slot: Slot<'text'>;
  readonly minutes: number;
}

/** No bootstrap token of ours is left in the cluster. */
export interface TokensRevokedAction {
  readonly kind: 'tokens-revoked';
}

const random = (length: number): string => `$(tr -dc a-z0-9 < /dev/urandom | head -c ${length})`;

export const tokenGenerate: Kind<TokenGenerateAction> = {
  words: () => 'make a bootstrap token',
  details: () => ({}),
  probes: () => [],
  progress: () => 'absent',
  script: ({ slot }) => ({ shell: `printf '%s.%s' "${random(6)}" "${random(16)}" | kw_slot ${inputName(slot).slice('slot-'.length)}`, inputs: [] }),
  provides: ({ slot }) => [slot],
  predict: (_action, view) => view,
};

export const tokenCreate: Kind<TokenCreateAction> = {
  words: ({ minutes }) => `make a bootstrap token for ${minutes} minutes`,
  details: ({ minutes }) => ({ command: command('kubeadm', 'token', 'create', '--ttl', `${minutes}m`, '--description', TOKEN_DESCRIPTION) }),
  probes: () => [],
  progress: () => 'absent',
  script: ({ slot, minutes }) => ({
    shell: `token=$(env -i PATH="$PATH" HOME=/root ${command('kubeadm', 'token', 'create', '--ttl', `${minutes}m`, '--description', TOKEN_DESCRIPTION)})\nprintf %s "$token" | kw_slot ${inputName(slot).slice('slot-'.length)}`,
    inputs: [],
  }),
  provides: ({ slot }) => [slot],
  predict: (_action, view) =>
    withCluster(view, ({ bootstrapTokens }) => ({ bootstrapTokens: [...bootstrapTokens, { id: 'known after the step', description: TOKEN_DESCRIPTION }] })),
};

// The list is had before it is walked: as the head of a pipe its failure would pass for an empty one.
const REVOKE = [
  `tokens=$(${kubectl('-n', 'kube-system', 'get', 'secrets', '--field-selector', 'type=bootstrap.kubernetes.io/token', '-o', 'jsonpath={range .items[*]}{.metadata.name} {.data.description}{"\\n"}{end}')})`,
  `printf '%s\\n' "$tokens" | while read -r name description; do`,
  `  if [ "$(printf %s "$description" | base64 -d)" = ${TOKEN_DESCRIPTION} ]; then ${kubectl('-n', 'kube-system', 'delete', 'secret')} "$name"; fi`,
  'done',
].join('\n');

export const tokensRevoked: Kind<TokensRevokedAction> = {
  words: () => 'revoke the bootstrap tokens of this tool',
  details: () => ({ command: 'kubectl -n kube-system delete secret bootstrap-token-ID' }),
  probes: () => [],
  progress: (_action, reading) => {
    const fact = reading.read(
      clusterKey(
        'bootstrap tokens of this tool',
        ({ bootstrapTokens }) => bootstrapTokens.filter(({ description }) => description === TOKEN_DESCRIPTION).map(({ id }) => id),
        (ids) => ids.join(' ') || 'none',
      ),
    );
    if (fact.state !== 'known') return 'unknown';
    return fact.value.length === 0 ? 'done' : 'absent';
  },
  script: () => ({ shell: REVOKE, inputs: [] }),
  predict: (_action, view) => withCluster(view, ({ bootstrapTokens }) => ({ bootstrapTokens: bootstrapTokens.filter(({ description }) => description !== TOKEN_DESCRIPTION) })),
};

/** Files of a control plane, read for the ones that join; the values live in the operator's memory only. */
export interface ReadFilesAction {
  readonly kind: 'read-files';
  readonly title: string;
  readonly files: readonly { readonly path: string; readonly slot: Slot }[];
  /** Filled with the pin of this certificate authority, as kubeadm takes it. */
  readonly pin?: { readonly path: string; readonly slot: Slot<'text'> };
}

export const readFiles: Kind<ReadFilesAction> = {
  words: ({ title }) => `read ${title}`,
  details: ({ files }) => ({ command: command('cat', ...files.map(({ path }) => path)) }),
  probes: () => [],
  progress: () => 'absent',
  script: ({ files, pin }) => ({
    shell: [
      ...files.map(({ path, slot }) => `kw_slot ${inputName(slot).slice('slot-'.length)} < ${command(path)}`),
      ...(pin === undefined
        ? []
        : [
            `key=$(openssl x509 -pubkey -noout -in ${command(pin.path)})\nprintf 'sha256:%s' "$(printf '%s\\n' "$key" | openssl pkey -pubin -outform der | sha256sum | cut -d' ' -f1)" | kw_slot ${inputName(pin.slot).slice('slot-'.length)}`,
          ]),
    ].join('\n'),
    inputs: [],
  }),
  provides: ({ files, pin }) => [...files.map(({ slot }) => slot), ...(pin === undefined ? [] : [pin.slot])],
  predict: (_action, view) => view,
};

/** A secret file placed for what follows in the same step: means only, so nothing of it is ever compared or shown. */
export interface PlaceSecretAction {
  readonly kind: 'place-secret';
  readonly path: string;
  readonly slot: Slot;
}

export const placeSecret: Kind<PlaceSecretAction> = {
  words: ({ path, slot }) => `place ${path} (${slot.shown})`,
  details: ({ path, slot }) => ({ file: { path, mode: '0600', owner: 'root:root', content: [{ ...slot, type: 'text' }] } }),
  probes: () => [],
  progress: () => 'absent',
  script: ({ path, slot }) => ({
    shell: [`(umask 077; cat ${inputWords([{ ...slot, type: 'text' }])} > "$KW_IN/new")`, command('kw_put_secret', path, '600', 'root:root')].join('\n'),
    inputs: [slot],
  }),
  predict: (_action, view) => view,
};
