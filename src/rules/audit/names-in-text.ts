import type { AuditView } from './audit-view.ts';
import { isAddress } from '../../facts/audit/addresses.ts';

/** Names of the machines of the cluster, and of those that were and are not. */
export function namesOfMachines(view: AuditView): { readonly present: readonly string[]; readonly gone: readonly string[] } {
  const present = view.machines.map(({ name }) => name);
  return { present, gone: [...view.departed.keys()].filter((name) => !isAddress(name)) };
}

/** Whether a text holds a machine's name as a word: `node-k1.pem` holds k1, `node-k11.pem` does not. */
export function wordIn(text: string, name: string): boolean {
  const at = text.indexOf(name);
  if (at === -1 || name === '') return false;
  const isEdge = (character: string | undefined): boolean => character === undefined || !/[A-Za-z0-9]/.test(character);
  return (isEdge(text[at - 1]) && isEdge(text[at + name.length])) || wordIn(text.slice(at + 1), name);
}
