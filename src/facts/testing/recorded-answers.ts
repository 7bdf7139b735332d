import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProbeRequest } from '../probe-request.ts';

/** Sections of an answer by name, as text. */
export type RecordedAnswer = Readonly<Record<string, string>>;

const FILES = [
  '/etc/crictl.yaml',
  '/etc/hosts',
  '/etc/kubernetes/admin.conf',
  '/etc/kubernetes/bootstrap-kubelet.conf',
  '/etc/kubernetes/kubelet.conf',
  '/etc/kubernetes/manifests/kube-apiserver.yaml',
  '/etc/kubewright/api-proxy.cfg',
  '/opt/cni/bin/bridge',
  '/usr/local/bin/kubelet',
  '/usr/local/bin/runc',
  '/var/lib/kubelet/config.yaml',
];

/** What was asked when the answers were recorded, as far as they were kept. */
export const recordedRequests: readonly ProbeRequest[] = [
  ...FILES.map((path) => ({ probe: 'file', path, text: path === '/etc/hosts' || path.endsWith('.cfg') }) as const),
  ...['containerd.service', 'kubelet.service', 'kubewright-api-proxy.service'].map((unit) => ({ probe: 'unit', unit }) as const),
  ...['net.ipv4.ip_forward', 'net.netfilter.nf_conntrack_max', 'net.unknown'].map((name) => ({ probe: 'sysctl', name }) as const),
  ...['conntrack', 'haproxy', 'not-there'].map((name) => ({ probe: 'package', name }) as const),
  ...['/etc/kubernetes/pki/apiserver.crt', '/etc/kubernetes/pki/etcd/peer.crt'].map((path) => ({ probe: 'certificate', path }) as const),
  ...['/etc/kubernetes/admin.conf', '/etc/kubernetes/kubelet.conf', '/etc/kubernetes/controller-manager.conf'].map((path) => ({ probe: 'kubeconfig', path }) as const),
];

/** Answers of machines of a lab cluster (three control planes and a worker), shortened. */
export function recorded(name: 'control-plane' | 'worker' | 'cluster'): RecordedAnswer {
  return JSON.parse(readFileSync(join(import.meta.dirname, 'recorded', `${name}.json`), 'utf8')) as RecordedAnswer;
}

/** An answer as a script prints it. */
export function encoded(sections: RecordedAnswer): string {
  return JSON.stringify(Object.fromEntries(Object.entries(sections).map(([name, text]) => [name, Buffer.from(text).toString('base64')])));
}
