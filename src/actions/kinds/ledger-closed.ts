import { ledgerKey } from '../../facts/keys.ts';
import { NO_LEDGER, hasRemains } from '../../facts/ledger/ledger-facts.ts';
import { BACKUP_DIR, BLOB_DIR, INIT_MARK, INPUTS_DIR, JOIN_MARK, KEPT_DIR, LEDGER, SALT } from '../../shell/remote-paths.ts';
import { command } from '../../shell/quote.ts';
import type { Kind } from '../kind.ts';
import { withHost } from '../predict.ts';

/** Nothing is known of changes to this host any more: all that was to be undone is undone. The number of the last run stays, so that no earlier one can come back. */
export interface LedgerClosedAction {
  readonly kind: 'ledger-closed';
  /** What is left on the host, in words. */
  readonly stays: readonly string[];
  /** Names of copies that were not given back, since others have changed what is there: they are moved to where no later reset removes them. */
  readonly keeps: readonly string[];
}

// The ledger goes last: while it is there, a run that died here is gone on with.
const REMOVE = [command('rm', '-rf', BACKUP_DIR, BLOB_DIR, INPUTS_DIR, '/run/kubewright/kubectl-cache'), command('rm', '-f', INIT_MARK, JOIN_MARK, SALT, LEDGER)].join('\n');

// What was given back is on the disk before its copies go.
const SYNC = 'sync';

function keep(names: readonly string[]): readonly string[] {
  if (names.length === 0) return [];
  const moved = `[ ! -f ${BACKUP_DIR}/"$copy" ] || mv -f ${BACKUP_DIR}/"$copy" ${KEPT_DIR}/`;
  return [`(umask 077; mkdir -p ${KEPT_DIR})`, `for copy in ${command(...names)}; do ${moved}; done`];
}

export const ledgerClosed: Kind<LedgerClosedAction> = {
  words: ({ stays }) => `close the ledger; what stays here: ${stays.join('; ') || 'nothing'}`,
  details: ({ keeps }) => ({ command: [...keeps.map((name) => command('mv', `${BACKUP_DIR}/${name}`, KEPT_DIR)), REMOVE].join('\n') }),
  probes: () => [{ probe: 'ledger' }],
  progress: (_action, reading) => {
    const fact = reading.read(ledgerKey);
    if (fact.state !== 'known') return 'unknown';
    return hasRemains(fact.value) ? 'absent' : 'done';
  },
  script: ({ keeps }) => ({ shell: [...keep(keeps), SYNC, REMOVE].join('\n'), inputs: [] }),
  predict: (_action, view) => withHost(view, () => ({ ledger: NO_LEDGER })),
};
