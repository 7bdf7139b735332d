import { hostOfServer, isAddress, isNeutralHost } from '../../facts/audit/addresses.ts';
import type { Severity } from '../finding.ts';
import type { AuditView } from './audit-view.ts';
import type { Machine } from './machine.ts';
import { seenMachines } from './machine.ts';

/** Whom a server address names, as seen by the machine that uses it. */
export type Named =
  | { readonly kind: 'anyone' }
  | { readonly kind: 'itself' }
  /** Another single machine; `words` say how. */
  | { readonly kind: 'one'; readonly machine: Machine; readonly words: string }
  | { readonly kind: 'nobody'; readonly words: string };

/** `user`: the machine on which the value is used; undefined for what all machines share. */
export function whomServerNames(view: AuditView, server: string, user?: Machine): Named {
  const host = hostOfServer(server);
  if (isNeutralHost(host)) return { kind: 'anyone' };
  if (isAddress(host)) return whomAddressNames(view, host, user, '');
  const named = view.machines.find(({ name, facts }) => name === host || facts?.identity.hostname.toLowerCase() === host);
  if (named !== undefined) return named.name === user?.name ? { kind: 'itself' } : { kind: 'one', machine: named, words: `the name of ${named.name}` };
  const addresses = resolved(view, host, user);
  const [first] = addresses;
  if (first === undefined || addresses.some(isNeutralHost)) return { kind: 'anyone' };
  const whom = addresses.map((address) => whomAddressNames(view, address, user, `${host} is `));
  const [one] = whom;
  return one !== undefined && whom.every((other) => sameOne(one, other)) ? one : { kind: 'anyone' };
}

function sameOne(a: Named, b: Named): boolean {
  return a.kind === b.kind && (a.kind !== 'one' || (b.kind === 'one' && a.machine.name === b.machine.name));
}

function whomAddressNames(view: AuditView, address: string, user: Machine | undefined, before: string): Named {
  const owners = view.machines.filter(({ addresses }) => addresses.includes(address));
  const [owner] = owners;
  if (user?.addresses.includes(address) === true) return { kind: 'itself' };
  if (owners.length === 1 && owner !== undefined) return { kind: 'one', machine: owner, words: `${before}${address}, the address of ${owner.name}` };
  const source = view.departed.get(address);
  if (source !== undefined) return { kind: 'nobody', words: `${before}${address}, the address of no machine of this cluster (it stands in ${source} too)` };
  return owners.length === 0 && isUnanswered(view, address) ? { kind: 'nobody', words: `${before}${address}, where nobody answers` } : { kind: 'anyone' };
}

/** Addresses of a name as the machine resolves it; for what is shared, as the workers do, since a control plane may resolve it to itself. */
function resolved({ machines }: AuditView, host: string, user: Machine | undefined): readonly string[] {
  if (user !== undefined) return user.facts?.names[host] ?? [];
  const seen = seenMachines({ machines });
  const answers = [...seen.filter(({ isControlPlane }) => !isControlPlane), ...seen].map(({ facts }) => facts.names[host] ?? []);
  const own = seen.flatMap(({ facts, addresses }) => ((facts.names[host] ?? []).some((address) => addresses.includes(address)) ? [facts] : []));
  // Each machine resolves it to itself: the name is nobody's.
  if (own.length > 1) return [];
  return answers.find((addresses) => addresses.length > 0) ?? [];
}

/** Every machine that tried got no answer there. */
function isUnanswered({ machines, cluster }: AuditView, address: string): boolean {
  const asked = [...seenMachines({ machines }).map(({ facts }) => facts.answers), ...(cluster === undefined ? [] : [cluster.answers])];
  const answers = asked.flatMap((tries) => Object.entries(tries).flatMap(([server, isAnswered]) => (hostOfServer(server) === address ? [isAnswered] : [])));
  return answers.length > 0 && answers.every((isAnswered) => !isAnswered);
}

/** How bad it is that a value names one machine, or none: a weakness while that machine serves, an error when it does not. */
export function severityOfNamed(view: AuditView, whom: Named): Severity {
  if (whom.kind === 'nobody') return 'error';
  if (whom.kind !== 'one') return 'notice';
  if (whom.machine.addresses.some((address) => isUnanswered(view, address)) || whom.machine.node?.isReady === false) return 'error';
  // With one control plane there is no other that the value could name.
  return view.controlPlanes.length > 1 || !whom.machine.isControlPlane ? 'warning' : 'notice';
}
