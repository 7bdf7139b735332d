import { posix } from 'node:path';
import { complain, defineAuditRule } from './audit-rule.ts';
import type { AuditView } from './audit-view.ts';
import type { Machine } from './machine.ts';
import { seenMachines } from './machine.ts';
import { certificatesInUse } from './certificates-in-use.ts';
import { namesOfMachines, wordIn } from './names-in-text.ts';

export const certificateOfDeparted = defineAuditRule({
  code: 'certificate-of-departed',
  severity: 'warning',
  title: 'certificates vouch for a machine that is gone',
  why: "whoever gets the name or address of that machine can pass for an API server or member with it, and a key of its own that was left opens the cluster's etcd",
  fix: "delete what was that machine's own; issue the serving certificates anew without its name and address",
  judge: (view) => {
    const { departed } = view;
    return seenMachines(view).flatMap((machine) => complain([...names(machine, departed), ...files(view, machine)], { node: machine.name }));
  },
});

/** Serving certificates in use that carry its name or address. */
function names(machine: Machine, departed: ReadonlyMap<string, string>): readonly string[] {
  return certificatesInUse(machine).flatMap(({ path, certificate }) => {
    const stale = [...certificate.names, ...certificate.addresses].filter((name) => departed.has(name));
    return stale.length === 0 ? [] : [`${path} carries ${stale.join(', ')}`];
  });
}

/** Certificates issued to it. */
function files(view: AuditView, { facts }: Machine): readonly string[] {
  const { gone } = namesOfMachines(view);
  return Object.entries(facts?.certificates ?? {}).flatMap(([path, { subject }]) => {
    const name = gone.find((candidate) => wordIn(posix.basename(path), candidate) || wordIn(subject, candidate));
    return name === undefined ? [] : [`${path} (${subject}) is a certificate of ${name}`];
  });
}
