import type { Action, ActionByKind, ActionKind } from '../actions/action.ts';
import { INIT_MARK, JOIN_MARK, STORE_DIR } from '../shell/remote-paths.ts';
import { sha256 } from '../util/sha256.ts';
import type { Change } from './sim-ledger.ts';
import { noteChange, noteClaim, noteDirectory } from './sim-ledger.ts';
import { textOf } from './work.ts';
import type { Work } from './work.ts';

/** What scripts write into the ledger before they change anything. Kinds that only repairs have are not simulated; the others change nothing on the machine's disk. */
const changes: { readonly [K in ActionKind]?: (action: ActionByKind[K], work: Work) => readonly Change[] } = {
  absent: ({ path, secret }) => [{ path, what: secret ? 'secret' : 'removed' }],
  file: ({ path, content, was }, work) => [{ path, what: 'hidden' in was ? 'secret' : 'file', sha256: sha256(textOf(content, work)) }],
  'kubeadm-init': () => [{ path: INIT_MARK, what: 'mark' }],
  'kubeadm-join': () => [{ path: JOIN_MARK, what: 'mark' }],
  module: ({ name }) => [{ path: name, what: 'module' }],
  packages: ({ names, keepOff }, { machine }) => {
    const isMissing = (name: string): boolean => machine.facts.packages[name] === undefined;
    return [
      ...keepOff.filter((off) => isMissing(off.package)).map(({ unit }): Change => ({ path: `/etc/systemd/system/${unit}`, what: 'masked' })),
      ...names.filter(isMissing).map((path): Change => ({ path, what: 'package' })),
    ];
  },
  'place-secret': ({ path, slot }, work) => [{ path, what: 'secret', sha256: sha256(textOf([{ ...slot, type: 'text' }], work)) }],
  program: ({ path, blob }) => [{ path, what: 'program', sha256: blob.sha256 }],
  sysctl: ({ name }) => [{ path: `/proc/sys/${name.replaceAll('.', '/')}`, what: 'sysctl' }],
  unit: ({ unit }) => [{ path: unit, what: 'unit' }],
};

/** Kinds whose scripts make the directory of their file. */
const MAKES_DIRECTORY: ReadonlySet<ActionKind> = new Set<ActionKind>(['file', 'place-secret', 'program']);

/** Writes into the machine's ledger what the action is going to change. */
export function noteAction(action: Action, work: Work): void {
  const noted = changes[action.kind] as ((action: Action, work: Work) => readonly Change[]) | undefined;
  for (const change of noted?.(action, work) ?? []) {
    noteChange(work.machine, change);
    noteClaim(work.machine, work.world.name);
    if (MAKES_DIRECTORY.has(action.kind)) noteDirectory(work.machine, change.path.slice(0, change.path.lastIndexOf('/')));
  }
  if (action.kind === 'program') noteDirectory(work.machine, `${STORE_DIR}/${action.blob.sha256}`);
}
