import type { UnitFact } from '../facts/host-facts.ts';
import { CLUSTER_CA } from '../facts/kubernetes-paths.ts';
import { formOf } from '../facts/ledger/ledger-facts.ts';
import type { LedgerSubject } from '../facts/ledger/ledger-facts.ts';
import { CLUSTER_CHAINS, CLUSTER_LINKS, CLUSTER_TREES } from '../shell/ledger-shell.ts';
import type { LedgerLine, RegularFile } from './ledger-on-disk.ts';
import type { SimMachine } from './sim-machine.ts';

export interface Change {
  readonly path: string;
  readonly what: LedgerSubject;
  readonly sha256?: string;
}

/** `kw_ledger`: before the change, what will be there, and, the first time, what was; before the first of all, the ground. */
export function noteChange(machine: SimMachine, { path, what, sha256 = '' }: Change): void {
  if (machine.ledger.lines.length === 0) machine.ledger = { ...machine.ledger, lines: groundOf(machine) };
  const { lines } = machine.ledger;
  const own = lines.filter((line) => line.path === path);
  if (own.some((line) => line.what === what && line.sha256 === sha256)) return;
  const before = own.length > 0 ? NOTHING : beforeOf(machine, path, what);
  if (before.copy !== undefined) machine.ledger = { ...machine.ledger, copies: { ...machine.ledger.copies, [before.backup]: before.copy } };
  machine.ledger = { ...machine.ledger, lines: [...lines, { path, what, sha256, existed: before.existed, backup: before.backup, was: before.was }] };
}

/** `kw_claim`: of which cluster the machine is; a CA that is gone stays written down. */
export function noteClaim(machine: SimMachine, cluster: string): void {
  const file = machine.file(CLUSTER_CA);
  const authority = file.type === 'file' ? file.sha256 : '';
  if (authority === '' && machine.ledger.claim?.cluster === cluster) return;
  machine.ledger = { ...machine.ledger, claim: { cluster, authority } };
}

/** `kw_mkdir`: the directory with those above it, each in the ledger. */
export function noteDirectory(machine: SimMachine, path: string): void {
  if (path === '' || machine.directories.has(path)) return;
  noteDirectory(machine, path.slice(0, path.lastIndexOf('/')));
  noteChange(machine, { path, what: 'directory' });
  machine.makeDirectory(path);
}

interface Before {
  readonly existed: boolean;
  readonly backup: string;
  readonly was: string;
  readonly copy?: RegularFile;
}

const NOTHING: Before = { existed: false, backup: '', was: '' };

function beforeOf(machine: SimMachine, path: string, what: LedgerSubject): Before {
  const form = formOf({ what });
  if (form === 'kept' && what !== 'masked') return NOTHING;
  const [was] = stateOf(machine, path, what);
  if (was === 'absent') return NOTHING;
  const file = machine.file(path);
  if (form !== 'file' || file.type !== 'file') return { existed: true, backup: '', was };
  return what === 'secret' ? { existed: true, backup: '', was } : { existed: true, backup: file.sha256, was, copy: file };
}

function groundOf(machine: SimMachine): readonly LedgerLine[] {
  const line = (path: string, what: LedgerSubject, was: string): LedgerLine => ({
    path,
    what,
    sha256: '',
    existed: was !== 'absent',
    backup: '',
    was: was === 'absent' ? '' : was,
  });
  return [
    ...CLUSTER_TREES.map((tree) => line(tree, 'tree', `${stateOf(machine, tree, 'tree')[0]}${emptyDirectories(machine, tree)}`)),
    ...Object.entries(machine.facts.sysctls).map(([name, value]) => line(settingPath(name), 'sysctl', value ?? '')),
    line('network interfaces', 'links', [...machine.memory.links].join(' ')),
    line('packet filter chains', 'chains', namesOf(machine, 'chains').join(' ')),
    line('packet filter tables', 'tables', ''),
  ];
}

/** Where nothing but directories lies in a tree: these. */
function emptyDirectories(machine: SimMachine, tree: string): string {
  const inside = [...machine.directories].filter((directory) => directory.startsWith(`${tree}/`));
  return inside.length === machine.countBelow(tree) ? inside.map((directory) => ` 755,root:root,${directory.slice(tree.length + 1)}`).join('') : '';
}

const CHAIN = new RegExp(`^${CLUSTER_CHAINS}$`);
const isOfCluster = (chain: string): boolean => CHAIN.test(chain);
const settingPath = (name: string): string => `/proc/sys/${name.replaceAll('.', '/')}`;

/** The setting at a path below `/proc/sys`. */
export const settingAt = (path: string): string => path.slice('/proc/sys/'.length).replaceAll('/', '.');

/** What is now in a place of the ledger, and the digest of a file, as the script of an observation says it. */
export function stateOf(machine: SimMachine, path: string, what: LedgerSubject): readonly [now: string, digest: string] {
  switch (formOf({ what })) {
    case 'tree':
      return [machine.directories.has(path) ? `${machine.countBelow(path)} 755 root:root` : 'absent', ''];
    case 'unit':
      return [unitState(machine.facts.units[path]), ''];
    case 'setting':
      return [machine.facts.sysctls[settingAt(path)] ?? 'absent', ''];
    case 'names':
      return [namesOf(machine, what).join(' '), ''];
    case 'kept':
      return what === 'masked' ? fileState(machine, path) : ['', ''];
    case 'file':
    case 'directory':
      return fileState(machine, path);
  }
}

function unitState(unit: UnitFact | undefined): string {
  return `${unit?.enabled === 'enabled' ? 'enabled' : 'disabled'} ${unit?.active === 'active' ? 'active' : 'inactive'}`;
}

/** Of the kinds that a cluster makes. */
function namesOf({ memory }: SimMachine, what: LedgerSubject): readonly string[] {
  if (what === 'links') return [...memory.links].filter(isClusterLink);
  return what === 'chains' ? [...memory.chains].filter(isOfCluster) : [];
}

/** The shell's pattern, as the script of an observation has it. */
const LINK = new RegExp(`^(${CLUSTER_LINKS.replaceAll('.', '\\.').replaceAll('*', '.*').replaceAll(' ', '')})$`);
const isClusterLink = (link: string): boolean => LINK.test(link);

function fileState(machine: SimMachine, path: string): readonly [now: string, digest: string] {
  const file = machine.file(path);
  if (file.type === 'link') return [`link ${file.target}`, ''];
  if (file.type === 'file') return [`file ${file.mode} ${file.owner}`, file.sha256];
  return [machine.directories.has(path) ? 'directory' : 'absent', ''];
}

/** What a machine answers about its ledger: the lines, then what is now in each place. */
export function ledgerAnswer(machine: SimMachine): string {
  const { lines, claim } = machine.ledger;
  const uploads = machine.blobs.size;
  if (lines.length + uploads === 0) return '';
  const ofCluster = claim === undefined ? [] : [JSON.stringify({ path: claim.cluster, what: 'cluster', sha256: claim.authority, existed: false, backup: '', was: '', run: 'sim' })];
  const places = new Map(lines.map((line) => [line.path, line.what] as const));
  const now = [...places].map(([path, what]) => {
    const [state, digest] = stateOf(machine, path, what);
    return `${path}\t${state}|${digest}`;
  });
  return [
    ...lines.map((line) => JSON.stringify({ ...line, run: 'sim' })),
    ...ofCluster,
    '',
    '##',
    ...now,
    `##containers ${machine.memory.containers}`,
    `##uploads ${uploads}`,
    '',
  ].join('\n');
}
