import { linesOf } from '../observe/sections.ts';
import type { LedgerClaim, LedgerFacts, LedgerItem, LedgerSubject } from './ledger-facts.ts';
import { NO_LEDGER, formOf, isLedgerSubject, wasFilled } from './ledger-facts.ts';

interface Line {
  readonly path: string;
  readonly what: LedgerSubject;
  readonly sha256: string;
  readonly existed: boolean;
  readonly backup: string;
  readonly was: string;
}

type AnyLine = Partial<Omit<Line, 'what'>> & { readonly what?: string };

/** A line that a power cut has halved tells of a change that was never made: it is passed over. */
function parseLine(text: string): AnyLine | undefined {
  try {
    return JSON.parse(text) as AnyLine;
  } catch {
    return undefined;
  }
}

/** Lines of early versions do not say what was there. */
function changeOf(line: AnyLine): readonly Line[] {
  return typeof line.path === 'string' && isLedgerSubject(line.what) ? [{ was: '', ...line } as Line] : [];
}

/** The last line of its kind counts: a machine may have been of another cluster before. */
function claimIn(lines: readonly AnyLine[]): LedgerClaim | undefined {
  const last = lines.findLast(({ what }) => what === 'cluster');
  return last?.path === undefined ? undefined : { cluster: last.path, authority: last.sha256 ?? '' };
}

/** The answer of `LEDGER_STATE`. The first line of a path says what was before, all of them what was written. */
export function parseLedger(answer: string): LedgerFacts {
  const lines = linesOf(answer);
  const end = lines.indexOf('##');
  if (end === -1) return NO_LEDGER;
  const marked = (mark: string): readonly string[] => wordsOf(lines.find((line) => line.startsWith(`##${mark} `)) ?? '').slice(1);
  const now = new Map(lines.slice(end + 1).flatMap((line) => nowOf(line)));
  const byPath = new Map<string, Line[]>();
  const written = lines.slice(0, end).flatMap((text) => parseLine(text) ?? []);
  for (const line of written.flatMap(changeOf)) byPath.set(line.path, [...(byPath.get(line.path) ?? []), line]);
  const claim = claimIn(written);
  const uploads = Number(marked('uploads')[0] ?? 0);
  const items = [...byPath.values()].flatMap((entries) => itemOf(entries, now));
  return {
    items: items.map((item) => (isMadeInside(item, items) ? { ...item, existed: false, backup: '', was: '' } : item)),
    containers: Number(marked('containers')[0] ?? 0),
    others: marked('others'),
    ...(claim !== undefined && { claim }),
    ...(uploads > 0 && { uploads }),
  };
}

const wordsOf = (text: string): readonly string[] => text.split(' ').filter((word) => word !== '');

/** What lay in a directory that was absent or empty at the beginning was made later, though it was there when this tool first changed it. */
function isMadeInside({ path, what }: LedgerItem, items: readonly LedgerItem[]): boolean {
  return what !== 'tree' && items.some((tree) => tree.what === 'tree' && !wasFilled(tree) && path.startsWith(`${tree.path}/`));
}

function nowOf(line: string): readonly (readonly [string, readonly [now: string, digest: string]])[] {
  const [path = '', state] = line.split('\t');
  if (state === undefined) return [];
  const cut = state.lastIndexOf('|');
  return [[path, [state.slice(0, cut).trim(), state.slice(cut + 1)]]];
}

function itemOf(entries: readonly Line[], now: ReadonlyMap<string, readonly [now: string, digest: string]>): readonly LedgerItem[] {
  const [first] = entries;
  const state = first && now.get(first.path);
  if (first === undefined || state === undefined) return [];
  const { path, what, existed, backup, was } = first;
  const written = entries.map(({ sha256 }) => sha256).filter((digest) => digest !== '');
  return [{ path, what, existed, backup, was: was.trim(), written, now: formOf(first) === 'names' ? minus(state[0], was) : state[0], digest: state[1] }];
}

/** Of names: those that were not there before. */
function minus(now: string, was: string): string {
  const before = new Set(was.split(' '));
  return wordsOf(now)
    .filter((name) => !before.has(name))
    .join(' ');
}
