import { ledgerKey } from '../../facts/keys.ts';
import { NO_LEDGER, isBegun } from '../../facts/ledger/ledger-facts.ts';
import { BACKUP_DIR, BLOB_DIR, INIT_MARK, INPUTS_DIR, JOIN_MARK, LEDGER } from '../../shell/remote-paths.ts';
import { command } from '../../shell/quote.ts';
import type { Kind } from '../kind.ts';
import { withHost } from '../predict.ts';

/** Nothing is known of changes to this host any more: all that was to be undone is undone. The number of the last run stays, so that no earlier one can come back. */
export interface LedgerClosedAction {
  readonly kind: 'ledger-closed';
  /** What is left on the host, in words. */
  readonly stays: readonly string[];
}

// The ledger goes last: while it is there, a run that died here is gone on with.
const REMOVE = [command('rm', '-rf', BACKUP_DIR, BLOB_DIR, INPUTS_DIR, '/run/kubewright/kubectl-cache'), command('rm', '-f', INIT_MARK, JOIN_MARK, LEDGER)].join('\n');

export const ledgerClosed: Kind<LedgerClosedAction> = {
  words: ({ stays }) => `close the ledger; what stays here: ${stays.join('; ') || 'nothing'}`,
  details: () => ({ command: REMOVE }),
  probes: () => [{ probe: 'ledger' }],
  progress: (_action, reading) => {
    const fact = reading.read(ledgerKey);
    if (fact.state !== 'known') return 'unknown';
    return isBegun(fact.value) ? 'absent' : 'done';
  },
  script: () => ({ shell: REMOVE, inputs: [] }),
  predict: (_action, view) => withHost(view, () => ({ ledger: NO_LEDGER })),
};
