import { hostOfServer } from '../../facts/audit/addresses.ts';
import { defineAuditRule } from './audit-rule.ts';
import { KUBEADM, listAt } from './shared-documents.ts';

/** L8 in shared state. */
export const sharedEtcdEndpoints = defineAuditRule({
  code: 'shared-etcd-endpoints',
  severity: 'error',
  title: 'kubeadm-config lists etcd members that are not there, or not all of them',
  why: 'every control plane that joins or is upgraded gets this list for its API server: with a dead member in it, it waits for that one, and without the others it stops when its one is gone',
  fix: 'write the client URLs of the living members into etcd.external.endpoints in the ConfigMap kube-system/kubeadm-config',
  isMended: true,
  grades: 'a warning where members are missing from the list',
  judge: (view) => {
    const listed = listAt(view, KUBEADM, 'etcd.external.endpoints');
    if (listed.length === 0 || view.members === undefined) return [];
    const urls = view.members.flatMap(({ clientURLs }) => clientURLs);
    const hosts = urls.map(hostOfServer);
    const dead = listed.filter(({ value }) => !hosts.includes(hostOfServer(value)));
    const missing = urls.filter((url) => !listed.some(({ value }) => hostOfServer(value) === hostOfServer(url)));
    if (dead.length === 0 && missing.length === 0) return [];
    return [
      {
        severity: dead.length > 0 ? 'error' : 'warning',
        evidence: [
          ...dead.map(({ where, value }) => `${where} is ${value}, where no member is`),
          ...missing.map((url) => `${listed[0]?.where.replace(/\.\d+$/, '')} lacks the member at ${url}`),
        ],
        repair: { kind: 'etcd-servers', servers: [...urls].sort(), shared: listed.map(({ place }) => place), nodes: [] },
      },
    ];
  },
});
