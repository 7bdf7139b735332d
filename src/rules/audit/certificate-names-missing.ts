import { addressInRange, hostOfServer, isAddress, isNeutralHost } from '../../facts/audit/addresses.ts';
import type { MachineCertificate } from '../../facts/audit/machine-facts.ts';
import { settingOf, valueOf } from '../../facts/audit/components.ts';
import { complain, defineAuditRule } from './audit-rule.ts';
import type { AuditView } from './audit-view.ts';
import type { Machine } from './machine.ts';
import { componentOn, apiServerAddress, seenMachines } from './machine.ts';
import { certificateOf } from './certificates-in-use.ts';
import { KUBEADM, valueAt } from './shared-documents.ts';

/** Names of the service kubernetes; the last one needs the domain of the cluster. */
const SERVICE_NAMES = ['kubernetes', 'kubernetes.default', 'kubernetes.default.svc'];

/** L11 on each machine: what clients dial must stand in the certificate that they are shown. */
export const certificateNamesMissing = defineAuditRule({
  code: 'certificate-names-missing',
  severity: 'error',
  title: 'a serving certificate lacks a name by which its machine is dialled',
  why: 'clients that dial by that name or address refuse the connection',
  fix: "move the certificate and its key away, run kubeadm init phase certs NAME with the machine's own configuration, and let the static pod restart",
  judge: (view) => seenMachines(view).flatMap((machine) => complain([...ofApiServer(view, machine), ...ofEtcd(machine)], { node: machine.name })),
});

function ofApiServer(view: AuditView, machine: Machine): readonly string[] {
  const used = certificateOf(machine, 'kube-apiserver', 'tls-cert-file');
  if (used === undefined) return [];
  const component = componentOn(machine, 'kube-apiserver');
  const range = (valueOf(component, 'service-cluster-ip-range') ?? '').split(',')[0] ?? '';
  const endpoint = hostOfServer(valueAt(view, KUBEADM, 'controlPlaneEndpoint')?.value ?? '');
  // An endpoint that is one machine is a finding of its own, and dialled there alone.
  const isOfAnother = view.machines.some(({ addresses, name }) => addresses.includes(endpoint) || name === endpoint);
  const wanted = [apiServerAddress(machine), addressInRange(range, 1) ?? '', ...(isNeutralHost(endpoint) || isOfAnother ? [] : [endpoint]), ...SERVICE_NAMES];
  return lacking(used.certificate, wanted).map((name) => `${used.path} lacks ${name}`);
}

/** Members dial one another by the peer URLs, API servers by the client URLs. */
function ofEtcd(machine: Machine): readonly string[] {
  const component = componentOn(machine, 'etcd');
  const pairs = [
    ['cert-file', 'advertise-client-urls'],
    ['peer-cert-file', 'initial-advertise-peer-urls'],
  ] as const;
  return pairs.flatMap(([flag, urls]) => {
    const used = certificateOf(machine, 'etcd', flag);
    const setting = settingOf(component, urls);
    // An advertised address that is not the machine's is told by a rule of its own.
    const own = (setting?.value.split(',') ?? []).map(hostOfServer).filter((host) => !isAddress(host) || machine.addresses.includes(host));
    return used === undefined ? [] : lacking(used.certificate, own).map((name) => `${used.path} lacks ${name}`);
  });
}

function lacking({ names, addresses }: MachineCertificate, wanted: readonly string[]): readonly string[] {
  const all = [...names.map((name) => name.toLowerCase()), ...addresses];
  return [...new Set(wanted)].filter((name) => name !== '' && !all.includes(name));
}
