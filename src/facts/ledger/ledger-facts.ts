/**
 * What the ledger speaks of, each with the form of what it is: files by what was done to them, then what a cluster changes by itself. `kept`: never undone, and said instead.
 */
const FORMS = {
  file: 'file',
  removed: 'file',
  secret: 'file',
  mark: 'file',
  program: 'file',
  directory: 'directory',
  tree: 'tree',
  unit: 'unit',
  sysctl: 'setting',
  links: 'names',
  chains: 'names',
  tables: 'names',
  package: 'kept',
  module: 'kept',
  masked: 'kept',
} as const;

export type LedgerSubject = keyof typeof FORMS;
export type LedgerForm = (typeof FORMS)[LedgerSubject];

export const isLedgerSubject = (word: unknown): word is LedgerSubject => typeof word === 'string' && Object.hasOwn(FORMS, word);

export const formOf = ({ what }: Pick<LedgerItem, 'what'>): LedgerForm => FORMS[what];

/** One thing that this tool, or the cluster, has changed on a host: what was there before, what is there now. */
export interface LedgerItem {
  readonly path: string;
  readonly what: LedgerSubject;
  readonly existed: boolean;
  /** Name of the copy of its bytes. Empty where there is none. */
  readonly backup: string;
  /** In the words of `now`, but for the bytes of a file. */
  readonly was: string;
  /** Digests of what was written there, in order. */
  readonly written: readonly string[];
  /** `absent`, `directory`, `link TARGET`, `file MODE OWNER`; of a unit `ENABLED ACTIVE`; a value; names; of a tree how much lies in it, then `MODE OWNER`. */
  readonly now: string;
  /** Digest of a regular file; of one with a secret it is made with the machine's own salt, here as in `written`. */
  readonly digest: string;
}

/** The ledger of a host, held against the host. A host that this tool has not changed has none. */
export interface LedgerFacts {
  readonly items: readonly LedgerItem[];
  /** Containers of Kubernetes that still run, whoever watches them. */
  readonly containers: number;
  /** Containers in other namespaces of this machine's containerd, `NAMESPACE/ID`: others run them, or have run them. */
  readonly others: readonly string[];
  /** Of which cluster the machine is, as it was written down last; ledgers of earlier versions do not say. */
  readonly claim?: LedgerClaim;
  /** How many files lie there that were sent and not used yet: of a run that died before its first script, all that it left. */
  readonly uploads?: number;
}

/** A cluster by its name, and by the digest of its CA: empty where the machine never had one. */
export interface LedgerClaim {
  readonly cluster: string;
  readonly authority: string;
}

export const NO_LEDGER: LedgerFacts = { items: [], containers: 0, others: [] };

/** Whether the ledger begins with what was there before: one of an early version of this tool does not. */
export function hasGround({ items }: LedgerFacts): boolean {
  return items.some(({ what }) => what === 'tree');
}

export function isBegun({ items }: LedgerFacts): boolean {
  return items.length > 0;
}

/** Whether this tool has left anything on the host. */
export function hasRemains(ledger: LedgerFacts): boolean {
  return isBegun(ledger) || (ledger.uploads ?? 0) > 0;
}

/** A tree in which something lay before the first change: it is others' too, and nobody can tell whose what is that came later. */
export function wasFilled({ what, existed, was }: LedgerItem): boolean {
  return what === 'tree' && existed && !was.startsWith('0 ') && was.split(' ').length <= TREE_WORDS;
}

/** A directory of the runtime: what it keeps of containers goes with it, whosever they are. */
export function holdsContainers({ what, path }: Pick<LedgerItem, 'what' | 'path'>): boolean {
  return what === 'tree' && RUNTIME_TREES.includes(path);
}

const RUNTIME_TREES = ['/run/containerd', '/var/lib/containerd'];

/** How much lay in a tree, its mode, its owner. Where empty directories alone lay in it they follow, each `MODE,OWNER,PATH`. */
const TREE_WORDS = 3;

/** What was in a tree, in the words of `now`. */
export function treeWas({ was }: LedgerItem): string {
  return was.split(' ').slice(0, TREE_WORDS).join(' ');
}

/** Is the host here as it was before the first change? */
export function isAsBefore(item: LedgerItem): boolean {
  const { existed, was, now, backup, digest } = item;
  switch (formOf(item)) {
    case 'tree':
      return existed ? now === treeWas(item) : now === 'absent';
    case 'names':
      return now === '';
    case 'unit':
      return now === was;
    case 'setting':
      return now === was || now === 'absent';
    case 'kept':
      return false;
    case 'file':
    case 'directory':
      // Neither a copy nor a digest of what was there is kept: nobody can tell.
      if (item.what === 'secret' && existed) return false;
      return existed ? now === was && (backup === '' || digest === backup) : now === 'absent';
  }
}

/** Bytes that are neither what this tool wrote nor what was there before: somebody has changed them since. */
export function isChangedByOthers(item: LedgerItem): boolean {
  if (item.what !== 'file' && item.what !== 'program' && item.what !== 'secret') return false;
  if (isAsBefore(item) || item.now === 'absent') return false;
  // A ledger of an earlier version does not say what was written of one; without its salt nobody can tell what is there now: it is left.
  if (item.what === 'secret' && item.now.startsWith('file ')) return item.written.length > 0 && !item.written.includes(item.digest);
  return item.what === 'program' ? !item.now.startsWith(OWN_LINK) : !item.now.startsWith('file ') || !item.written.includes(item.digest);
}

const OWN_LINK = 'link /usr/local/lib/kubewright/store/';
