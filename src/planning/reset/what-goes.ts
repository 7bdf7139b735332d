import { formOf, holdsContainers, isAsBefore, isChangedByOthers, wasFilled } from '../../facts/ledger/ledger-facts.ts';
import type { LedgerFacts, LedgerItem } from '../../facts/ledger/ledger-facts.ts';
import { KEPT_DIR } from '../../shell/remote-paths.ts';
import { HOSTS_FILE } from '../files/system.ts';

/** What is undone on a machine, and what is left there, in words: every reset says it. */
export interface WhatGoes {
  readonly items: readonly LedgerItem[];
  readonly stays: readonly string[];
  /** Names of copies of what was there before, which others' changes keep from being given back. */
  readonly keeps: readonly string[];
  /** Containers of others that end since the runtime's directories go. */
  readonly others: readonly string[];
}

/** Somebody else's lines are in it now, or it was written more than once: its copy is not what it would be without us. */
export function isEdited(item: LedgerItem): boolean {
  return item.path === HOSTS_FILE && !isAsBefore(item) && !(item.written.length === 1 && item.written[0] === item.digest);
}

/** A secret of others that was there before: no copy of it was kept. */
const isLost = (item: LedgerItem): boolean => item.what === 'secret' && item.existed && !isAsBefore(item);

/** A kernel setting that came with its module after the beginning: it goes with it. */
const isNew = (item: LedgerItem): boolean => formOf(item) === 'setting' && !item.existed;

/** A unit that ran before is stopped with ours of its name, whatever it is now: it is started again, also where a reset died between the two. */
const isStartedAgain = (item: LedgerItem): boolean => formOf(item) === 'unit' && item.was.endsWith(' active');

/** Decides over everything in the ledger that is not as it was. What lies in a directory that goes as a whole goes with it. Pure. */
export function decideWhatGoes(ledger: LedgerFacts): WhatGoes {
  const going = ledger.items.filter((item) => item.what === 'tree' && !wasFilled(item)).map(({ path }) => `${path}/`);
  const items = ledger.items.filter((item) => item.what === 'tree' || !going.some((tree) => item.path.startsWith(tree)));
  const differs = items.filter((item) => (!isAsBefore(item) || isStartedAgain(item)) && formOf(item) !== 'names');
  const keeps = [...new Set(differs.filter((item) => isChangedByOthers(item) && !isEdited(item) && item.backup !== '').map(({ backup }) => backup))].sort();
  const isLeft = (item: LedgerItem): boolean => formOf(item) === 'kept' || isNew(item) || isEdited(item) || isLost(item) || isChangedByOthers(item) || wasFilled(item);
  const undone = differs.filter((item) => !isLeft(item));
  return { items: undone, stays: staysOf(differs.filter((item) => isLeft(item) && !isEdited(item))), keeps, others: undone.some(holdsContainers) ? ledger.others : [] };
}

function staysOf(left: readonly LedgerItem[]): readonly string[] {
  const of = (what: LedgerItem['what']): readonly LedgerItem[] => left.filter((item) => item.what === what);
  return [
    ...told('packages that were installed', of('package'), 'others may have come to rely on them'),
    ...told('masked', of('masked'), 'its package stays, and nobody has asked for its service'),
    ...told('kernel modules', of('module'), 'loaded until the next boot'),
    ...told('what the cluster has added to', of('tree'), 'others had something there before: whose it is cannot be told'),
    ...told('kernel settings', left.filter(isNew), 'they have come with a module since, and go with it'),
    ...told(
      'changed since by others',
      left.filter((item) => isChangedByOthers(item) && item.backup === ''),
      'not ours any more',
    ),
    ...left
      .filter((item) => isChangedByOthers(item) && item.backup !== '')
      .flatMap((item) => told('changed since by others', [item], `not ours any more; as it was before: ${KEPT_DIR}/${item.backup}`)),
    ...told(
      'changed without a copy',
      left.filter((item) => isLost(item) && !isChangedByOthers(item)),
      'of what may hold a secret none is kept: what was there before is not given back',
    ),
    '/var/lib/kubewright with its lock (the number of the last run, so that no earlier one can come back)',
  ];
}

function told(what: string, items: readonly LedgerItem[], why: string): readonly string[] {
  const paths = items.map(({ path }) => path).sort();
  return paths.length === 0 ? [] : [`${what}: ${paths.join(', ')} (${why})`];
}
