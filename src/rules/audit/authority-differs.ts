import type { ComponentName } from '../../facts/audit/programs.ts';
import type { AuditComplaint } from './audit-rule.ts';
import { defineAuditRule } from './audit-rule.ts';
import type { AuditView } from './audit-view.ts';
import type { Machine } from './machine.ts';
import { seenMachines } from './machine.ts';
import { certificateOf } from './certificates-in-use.ts';
import { usedKubeconfigs } from './kubeconfigs-of-machines.ts';

interface SeenAuthority {
  readonly machine: string;
  readonly path: string;
  readonly fingerprint: string;
}

const OF_CLUSTER: readonly (readonly [ComponentName, string])[] = [
  ['kube-apiserver', 'client-ca-file'],
  ['kube-controller-manager', 'root-ca-file'],
  ['kube-controller-manager', 'cluster-signing-cert-file'],
];
const OF_ETCD: readonly (readonly [ComponentName, string])[] = [
  ['kube-apiserver', 'etcd-cafile'],
  ['etcd', 'trusted-ca-file'],
];
const OF_FRONT_PROXY: readonly (readonly [ComponentName, string])[] = [['kube-apiserver', 'requestheader-client-ca-file']];

export const authorityDiffers = defineAuditRule({
  code: 'authority-differs',
  severity: 'error',
  title: 'machines of the cluster trust different authorities',
  why: 'what one of them issues the others refuse: nodes, members or control planes fall out one after another as their certificates are renewed',
  fix: 'find out which authority is right (openssl x509 -in FILE -noout -fingerprint -sha256), put it on every machine, and issue anew what the other one has signed',
  judge: (view) => [
    ...judge('the authority of the cluster', [...seenBy(view, OF_CLUSTER), ...ofKubelets(view)]),
    ...judge('the authority of etcd', seenBy(view, OF_ETCD)),
    ...judge('the authority of the front proxy', seenBy(view, OF_FRONT_PROXY)),
  ],
});

function judge(words: string, seen: readonly SeenAuthority[]): readonly AuditComplaint[] {
  const fingerprints = [...new Set(seen.map(({ fingerprint }) => fingerprint))];
  if (fingerprints.length < 2) return [];
  return [
    {
      evidence: fingerprints.map(
        (fingerprint) =>
          `${words} is sha256:${fingerprint.slice(0, 16)} in ${seen
            .filter((each) => each.fingerprint === fingerprint)
            .map(({ machine, path }) => `${machine}: ${path}`)
            .join(', ')}`,
      ),
    },
  ];
}

/** Files with several authorities, as during a renewal, are told by their first. */
function seenBy(view: AuditView, flags: readonly (readonly [ComponentName, string])[]): readonly SeenAuthority[] {
  return seenMachines(view).flatMap((machine) =>
    flags.flatMap(([component, flag]) => {
      const used = certificateOf(machine, component, flag);
      return used === undefined ? [] : [{ machine: machine.name, path: used.path, fingerprint: used.certificate.fingerprint }];
    }),
  );
}

function ofKubelets(view: AuditView): readonly SeenAuthority[] {
  const configured = seenMachines(view).flatMap((machine) => clientAuthority(machine));
  const kubeconfigs = usedKubeconfigs(view).flatMap(({ machine, path, use, view: { authorities } }) => {
    const [fingerprint, ...others] = authorities;
    return use === 'people' || fingerprint === undefined || others.length > 0 ? [] : [{ machine: machine.name, path, fingerprint }];
  });
  return [...configured, ...kubeconfigs];
}

function clientAuthority({ name, facts }: Machine): readonly SeenAuthority[] {
  const path = facts?.kubeletConfig.state === 'known' ? facts.kubeletConfig.value.fields['authentication.x509.clientCAFile']?.text : undefined;
  const certificate = path === undefined ? undefined : facts?.certificates[path];
  return path === undefined || certificate === undefined ? [] : [{ machine: name, path, fingerprint: certificate.fingerprint }];
}
