import { posix } from 'node:path';
import { settingOf } from '../../facts/audit/components.ts';
import type { ComponentName } from '../../facts/audit/programs.ts';
import { complain, defineAuditRule } from './audit-rule.ts';
import type { AuditView } from './audit-view.ts';
import type { Machine } from './machine.ts';
import { componentOn } from './machine.ts';

/** Authorities by the flag that names their certificate; kubeadm calls the key ca.key, Kubespray ca-key.pem. */
const AUTHORITIES: readonly (readonly [words: string, component: ComponentName, flag: string])[] = [
  ['the authority of etcd', 'etcd', 'trusted-ca-file'],
  ['the authority of the cluster', 'kube-controller-manager', 'cluster-signing-cert-file'],
];

/** L18. */
export const caKeyOnOneNode = defineAuditRule({
  code: 'ca-key-on-one-node',
  severity: 'warning',
  title: "an authority's key is on one control plane alone",
  why: 'only that machine can sign certificates: when it is lost, no control plane or etcd member can be added or renewed without a new authority for all',
  fix: "copy the authority's key to the other control planes, or keep it off the cluster altogether and in a safe place",
  judge: (view) => AUTHORITIES.flatMap(([words, component, flag]) => judge(view, words, component, flag)),
});

function judge(view: AuditView, words: string, component: ComponentName, flag: string): ReturnType<typeof complain> {
  const all = view.controlPlanes.flatMap((machine) => keyOf(machine, component, flag) ?? []);
  const having = all.filter(({ key }) => key !== undefined);
  const [only, ...others] = having;
  if (only?.key === undefined || others.length > 0 || all.length < 2) return [];
  const lacking = all.filter(({ key }) => key === undefined).map(({ node }) => node);
  return complain([`${only.node} has the key of ${words}, ${only.key}; ${lacking.join(', ')} ${lacking.length === 1 ? 'has' : 'have'} its certificate alone`]);
}

function keyOf(machine: Machine, component: ComponentName, flag: string): { readonly node: string; readonly key: string | undefined } | undefined {
  const path = settingOf(componentOn(machine, component), flag)?.value;
  const directory = path === undefined ? undefined : posix.dirname(path);
  const names = directory === undefined ? undefined : machine.facts?.directories[directory];
  if (path === undefined || directory === undefined || names === undefined) return undefined;
  const stem = posix.basename(path).replace(/\.(?:crt|pem|cert)$/, '');
  const key = [`${stem}.key`, `${stem}-key.pem`].find((name) => names.includes(name));
  return { node: machine.name, key: key === undefined ? undefined : `${directory}/${key}` };
}
