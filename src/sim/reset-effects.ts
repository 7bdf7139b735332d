import type { ActionByKind, ActionKind } from '../actions/action.ts';
import { DRIFTED_EXIT } from '../actions/kind.ts';
import { inOrder } from '../actions/kinds/given-back.ts';
import { formOf } from '../facts/ledger/ledger-facts.ts';
import type { LedgerItem } from '../facts/ledger/ledger-facts.ts';
import { INIT_MARK, JOIN_MARK } from '../shell/remote-paths.ts';
import { settingAt, stateOf } from './sim-ledger.ts';
import type { SimMachine } from './sim-machine.ts';
import { ScriptFailed } from './work.ts';
import type { Effect } from './work.ts';

/** What the scripts of a reset do, in their order; between any two of it the power may go. */
export const resetEffects: { readonly [K in ActionKind]?: Effect<ActionByKind[K]> } = {
  'node-stopped': async ({ units, items }, { machine, pause }) => {
    for (const item of items) expectAsPlanned(machine, item);
    for (const unit of units) {
      await pause();
      machine.stop(unit);
    }
    await pause();
    machine.memory = { ...machine.memory, containers: 0 };
  },
  'network-cleared': async ({ links, chains }, { machine, pause }) => {
    const without = (names: ReadonlySet<string>, gone: readonly string[]): ReadonlySet<string> => new Set([...names].filter((name) => !gone.includes(name)));
    for (const link of links) {
      await pause();
      machine.memory = { ...machine.memory, links: without(machine.memory.links, [link]) };
    }
    await pause();
    machine.memory = { ...machine.memory, chains: without(machine.memory.chains, chains) };
  },
  'given-back': async ({ items }, { machine, pause }) => {
    for (const item of items) expectAsPlanned(machine, item);
    for (const item of inOrder(items)) {
      await pause();
      giveBack(machine, item);
    }
    for (const { path, what, was } of items) {
      if (what !== 'unit' || !was.endsWith(' active')) continue;
      await pause();
      if (!machine.has(`/etc/systemd/system/${path}`)) throw new ScriptFailed(`Unit ${path} not found.`);
      machine.start(path);
    }
  },
  'ledger-closed': async ({ keeps }, { machine, pause }) => {
    const { copies, kept } = machine.ledger;
    machine.ledger = { ...machine.ledger, kept: { ...kept, ...Object.fromEntries(keeps.flatMap((name) => (copies[name] === undefined ? [] : [[name, copies[name]]]))) } };
    await pause();
    machine.ledger = { ...machine.ledger, copies: {} };
    machine.blobs.clear();
    await pause();
    machine.remove(INIT_MARK, JOIN_MARK);
    machine.ledger = { lines: [], copies: {}, kept: machine.ledger.kept };
  },
};

/** A file, link or program is what the plan saw. */
function expectAsPlanned(machine: SimMachine, { path, what, now, digest }: LedgerItem): void {
  if (formOf({ what }) !== 'file') return;
  const [state, bytes] = stateOf(machine, path, what);
  if (state !== now || (digest !== '' && bytes !== digest)) throw new ScriptFailed(`${path} is not what the plan was made from`, DRIFTED_EXIT);
}

function giveBack(machine: SimMachine, item: LedgerItem): void {
  const { path, existed, was } = item;
  switch (formOf(item)) {
    case 'tree':
      machine.emptyDirectory(path);
      if (!existed) machine.removeDirectory(path);
      for (const words of was.split(' ').slice(3)) machine.makeDirectory(`${path}/${words.split(',').slice(2).join(',')}`);
      break;
    case 'directory':
      if (machine.countBelow(path) === 0) machine.removeDirectory(path);
      break;
    case 'unit':
      machine.enable(path, was.startsWith('enabled'));
      break;
    case 'setting':
      machine.set({ [settingAt(path)]: was });
      break;
    case 'file':
      expectAsPlanned(machine, item);
      restore(machine, item);
      break;
    case 'names':
    case 'kept':
  }
}

function restore(machine: SimMachine, { path, existed, was, backup }: LedgerItem): void {
  if (!existed) return machine.remove(path);
  if (was.startsWith('link ')) return machine.put({ [path]: { type: 'link', target: was.slice('link '.length), targetSizeBytes: undefined } });
  const copy = machine.ledger.copies[backup];
  if (copy === undefined) throw new ScriptFailed(`cp: cannot stat '${backup}'`);
  const [, mode = '', owner = ''] = was.split(' ');
  machine.put({ [path]: { ...copy, mode, owner } });
}
