import { clusterKey } from '../../facts/keys.ts';
import { kubectl } from '../../shell/kubectl.ts';
import type { Kind } from '../kind.ts';
import { withCluster } from '../predict.ts';

/** No bootstrap token of these ids, whoever made them. */
export interface TokensAbsentAction {
  readonly kind: 'tokens-absent';
  /** The public half of each, six characters. */
  readonly ids: readonly string[];
}

const removal = ({ ids }: TokensAbsentAction): string => kubectl('-n', 'kube-system', 'delete', 'secret', '--ignore-not-found', ...ids.map((id) => `bootstrap-token-${id}`));

export const tokensAbsent: Kind<TokensAbsentAction> = {
  words: ({ ids }) => `delete bootstrap ${ids.length === 1 ? 'token' : 'tokens'} ${ids.join(', ')}`,
  details: (action) => ({ command: removal(action) }),
  probes: () => [],
  progress: ({ ids }, reading) => {
    const fact = reading.read(
      clusterKey(
        `bootstrap tokens ${ids.join(' ')}`,
        ({ bootstrapTokens }) => bootstrapTokens.filter(({ id }) => ids.includes(id)).length,
        (count) => `${count} of them`,
      ),
    );
    if (fact.state !== 'known') return 'unknown';
    return fact.value === 0 ? 'done' : 'absent';
  },
  script: (action) => ({ shell: removal(action), inputs: [] }),
  predict: ({ ids }, view) => withCluster(view, ({ bootstrapTokens }) => ({ bootstrapTokens: bootstrapTokens.filter(({ id }) => !ids.includes(id)) })),
};
