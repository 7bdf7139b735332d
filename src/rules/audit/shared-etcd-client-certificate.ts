import { posix } from 'node:path';
import { settingOf } from '../../facts/audit/components.ts';
import { defineAuditRule } from './audit-rule.ts';
import type { AuditView } from './audit-view.ts';
import { componentOn } from './machine.ts';
import { namesOfMachines, wordIn } from './names-in-text.ts';
import type { SharedValue } from './shared-documents.ts';
import { KUBEADM, valueAt } from './shared-documents.ts';

const PLACES = ['etcd.external.certFile', 'etcd.external.keyFile', 'etcd.external.caFile'];

/** L7. */
export const sharedEtcdClientCertificate = defineAuditRule({
  code: 'shared-etcd-client-certificate',
  severity: 'warning',
  title: "every API server is to use one machine's client certificate for etcd",
  why: 'a control plane that lacks the file does not start its API server; where the file was copied everywhere, one key opens etcd on all machines, and nobody dares to remove it with its machine',
  fix: 'give each control plane a client certificate of its own under one path that names no machine, and write that path into etcd.external of kubeadm-config and into the kube-apiserver manifests',
  grades: 'an error where a control plane lacks the file or the machine is none of this cluster',
  judge: (view) => {
    const named = PLACES.flatMap((path) => leak(view, valueAt(view, KUBEADM, path)));
    if (named.length === 0) return [];
    const lacking = named.flatMap(({ value }) => lackingFile(view, value.value));
    return [
      {
        severity: lacking.length > 0 || named.some(({ isPresent }) => !isPresent) ? 'error' : 'warning',
        evidence: [
          ...named.map(({ line }) => line),
          ...inUse(
            view,
            named.map(({ value }) => value.value),
          ),
          ...lacking,
        ],
      },
    ];
  },
});

function leak(view: AuditView, value: SharedValue | undefined): readonly { readonly value: SharedValue; readonly line: string; readonly isPresent: boolean }[] {
  if (value === undefined) return [];
  const { present, gone } = namesOfMachines(view);
  const name = [...present, ...gone].find((candidate) => wordIn(posix.basename(value.value), candidate));
  return name === undefined ? [] : [{ value, line: `${value.where} is ${value.value}, named after ${name}`, isPresent: present.includes(name) }];
}

function inUse({ controlPlanes }: AuditView, paths: readonly string[]): readonly string[] {
  return controlPlanes.flatMap((machine) => {
    const setting = settingOf(componentOn(machine, 'kube-apiserver'), 'etcd-certfile');
    return setting !== undefined && paths.includes(setting.value) ? [`${machine.name}: ${setting.where}: --etcd-certfile=${setting.value}`] : [];
  });
}

function lackingFile({ controlPlanes }: AuditView, path: string): readonly string[] {
  return controlPlanes.flatMap(({ name, facts }) => {
    const listing = facts?.directories[posix.dirname(path)];
    return listing === undefined || listing.includes(posix.basename(path)) ? [] : [`${name} has no ${path}`];
  });
}
