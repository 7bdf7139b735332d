import { ledgerKey } from '../../facts/keys.ts';
import type { FileFact } from '../../facts/host-facts.ts';
import { formOf, isAsBefore, treeWas } from '../../facts/ledger/ledger-facts.ts';
import type { LedgerForm, LedgerItem } from '../../facts/ledger/ledger-facts.ts';
import { BACKUP_DIR } from '../../shell/remote-paths.ts';
import { command, quote } from '../../shell/quote.ts';
import { compareStrings } from '../../util/canonical-json.ts';
import type { Kind } from '../kind.ts';
import { withHost } from '../predict.ts';
import { asPlanned, isSame } from './as-planned.ts';

/** Places of the ledger as they were before the first change: what was made is gone, what was there is back with its bytes, mode and owner. A file that is something else than the plan saw is left, and the action fails as drifted, before it changes anything. */
export interface GivenBackAction {
  readonly kind: 'given-back';
  readonly items: readonly LedgerItem[];
}

const backupOf = ({ backup }: LedgerItem): string => `${BACKUP_DIR}/${backup}`;

const FUNCTIONS = `
kw_copy_back() {
  beside=$(dirname "$1")/.$(basename "$1").kubewright-new
  mkdir -p "$(dirname "$1")"; cp -p "$2" "$beside"; chown "$4" "$beside"; chmod "$3" "$beside"; mv -f "$beside" "$1"
}
kw_link_back() {
  mkdir -p "$(dirname "$1")"; ln -sfn "$2" "$1.kubewright-new"; mv -fT "$1.kubewright-new" "$1"
}
kw_empty() {
  [ -d "$1" ] || return 0
  # The directory may be a link to another place.
  kw_unmount "$(readlink -f "$1")"
  find "$1/" -xdev -mindepth 1 -delete
}`.trim();

/** What gives one place back. */
function shellOf(item: LedgerItem): string {
  const { path, existed, was } = item;
  switch (formOf(item)) {
    case 'tree':
      return `${command('kw_empty', path)}\n${existed ? modeBack(item) : `[ ! -d ${quote(path)} ] || ${command('rmdir', path)}`}`;
    case 'directory':
      // Others may have put something there: it stays then.
      return `[ ! -d ${quote(path)} ] || ${command('rmdir', '--ignore-fail-on-non-empty', path)}`;
    case 'unit':
      return was.startsWith('enabled') ? ':' : `${command('systemctl', 'disable', '-q', path)} 2>/dev/null || :`;
    case 'setting':
      // It comes with a module, and goes with it.
      return `[ ! -e ${quote(path)} ] || printf '%s\\n' ${quote(was)} > ${quote(path)}`;
    case 'file':
      return `${isSame(item)}\n${restoreOf(item)}`;
    case 'names':
    case 'kept':
      return ':';
  }
}

/** Its mode and owner, and the empty directories that lay in it, the outer ones first. */
function modeBack({ path, was }: LedgerItem): string {
  const [, mode = '', owner = '', ...inside] = was.split(' ');
  const within = inside.map((words) => {
    const [itsMode = '', itsOwner = '', ...name] = words.split(',');
    const directory = `${path}/${name.join(',')}`;
    return `${command('mkdir', '-p', directory)}; ${command('chown', itsOwner, directory)}; ${command('chmod', itsMode, directory)}; `;
  });
  return `[ ! -d ${quote(path)} ] || { ${within.join('')}${command('chown', owner, path)}; ${command('chmod', mode, path)}; }`;
}

function restoreOf(item: LedgerItem): string {
  const { path, existed, was } = item;
  if (!existed) return command('rm', '-f', '--', path);
  if (was.startsWith('link ')) return command('kw_link_back', path, was.slice('link '.length));
  const [, mode = '', owner = ''] = was.split(' ');
  return command('kw_copy_back', path, backupOf(item), mode, owner);
}

/** Units that others relied on run again once their files are back. */
function unitBack({ path, was }: LedgerItem): readonly string[] {
  const [enabled, active] = was.split(' ');
  return [...(enabled === 'enabled' ? [command('systemctl', 'enable', '-q', path)] : []), ...(active === 'active' ? [command('systemctl', 'restart', path)] : [])];
}

const ORDER: readonly LedgerForm[] = ['unit', 'file', 'tree', 'directory', 'setting'];

/** Units are disabled while their files are there, directories go once they are empty, the innermost first. */
export function inOrder(items: readonly LedgerItem[]): readonly LedgerItem[] {
  const place = (item: LedgerItem): number => ORDER.indexOf(formOf(item));
  return [...items].sort((a, b) => place(a) - place(b) || (a.what === 'directory' ? compareStrings(b.path, a.path) : compareStrings(a.path, b.path)));
}

function shownOf(item: LedgerItem): string {
  const { path, existed, was } = item;
  switch (formOf(item)) {
    case 'tree':
      return existed ? command('find', path, '-mindepth', '1', '-delete') : command('rm', '-r', path);
    case 'directory':
      return command('rmdir', path);
    case 'unit':
      return was.startsWith('enabled') ? command('systemctl', 'enable', path) : command('systemctl', 'disable', path);
    case 'setting':
      return `${command('sysctl', '-w', path.slice('/proc/sys/'.length).replaceAll('/', '.'))}=${quote(was)}`;
    case 'file':
      if (!existed) return command('rm', path);
      return was.startsWith('link ') ? command('ln', '-sfn', was.slice('link '.length), path) : `${command('cp', '-p', backupOf(item), path)}   # ${was}`;
    case 'names':
    case 'kept':
      return '';
  }
}

function givenBackItem(item: LedgerItem): LedgerItem {
  const { existed, was, backup } = item;
  const form = formOf(item);
  if (form === 'unit' || form === 'setting') return { ...item, now: was };
  if (form === 'tree') return { ...item, now: existed ? treeWas(item) : 'absent' };
  return existed ? { ...item, now: was, digest: backup } : { ...item, now: 'absent', digest: '' };
}

export const givenBack: Kind<GivenBackAction> = {
  words: ({ items }) => {
    const back = items.filter((item) => item.existed && formOf(item) === 'file');
    return `remove what was made here (${items.length - back.length} places)${back.length === 0 ? '' : `; give back ${back.map(({ path }) => path).join(', ')}`}`;
  },
  details: ({ items }) => ({ command: inOrder(items).map(shownOf).join('\n') }),
  probes: () => [{ probe: 'ledger' }],
  progress: ({ items }, reading) => {
    const fact = reading.read(ledgerKey);
    if (fact.state !== 'known') return 'unknown';
    const wanted = new Set(items.map(({ path }) => path));
    return fact.value.items.every((item) => !wanted.has(item.path) || isAsBefore(item)) ? 'done' : 'absent';
  },
  script: ({ items }) => ({
    shell: [FUNCTIONS, asPlanned(items), ...inOrder(items).map(shellOf), 'systemctl daemon-reload', ...items.filter((item) => formOf(item) === 'unit').flatMap(unitBack)].join(
      '\n',
    ),
    inputs: [],
  }),
  predict: ({ items }, view) =>
    withHost(view, ({ ledger, files }) => {
      if (ledger === undefined) return {};
      const wanted = new Set(items.map(({ path }) => path));
      const gone: Record<string, FileFact> = {};
      for (const { existed, path } of items) if (!existed && Object.hasOwn(files, path)) gone[path] = { type: 'absent' };
      return { ledger: { ...ledger, items: ledger.items.map((item) => (wanted.has(item.path) ? givenBackItem(item) : item)) }, files: { ...files, ...gone } };
    }),
};
