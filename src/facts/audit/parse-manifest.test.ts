import { describe, expect, it } from 'vitest';
import type { ManifestFact } from './machine-facts.ts';
import { parseManifest } from './parse-manifest.ts';

const NOTE = 'kubeadm.kubernetes.io/kube-apiserver.advertise-address.endpoint';

function parsed(text: string, sizeBytes?: number): ManifestFact {
  const bytes = Buffer.from(text);
  return parseManifest({ path: '/etc/kubernetes/manifests/kube-apiserver.yaml', sizeBytes: sizeBytes ?? bytes.length, bytes });
}

const manifest = (annotations: string): string =>
  [
    'apiVersion: v1',
    'kind: Pod',
    'metadata:',
    ...annotations.split('\n').map((line) => `  ${line}`),
    '  name: kube-apiserver',
    'spec:',
    '  containers:',
    '  - name: kube-apiserver',
    '',
  ].join('\n');

describe('the address that kubeadm noted for an API server', () => {
  it.each([
    ['as kubeadm writes it', `annotations:\n  ${NOTE}: 10.88.210.12:6443`, '10.88.210.12:6443'],
    ['quoted, among others', `annotations:\n  a.b/c: x\n  "${NOTE}": "10.88.210.12:6443"`, '10.88.210.12:6443'],
    ['of IPv6', `annotations:\n  ${NOTE}: '[fd00::12]:6443'`, '[fd00::12]:6443'],
    ['in a map of one line', `annotations: { ${NOTE}: "10.88.210.12:6443" }`, '10.88.210.12:6443'],
  ])('%s', (_, annotations, endpoint) => expect(parsed(manifest(annotations))).toMatchObject({ type: 'pod', name: 'kube-apiserver', advertisedEndpoint: endpoint }));

  it.each([
    ['there is none', 'labels: {}'],
    ['it is empty', `annotations:\n  ${NOTE}: ""`],
    ['it is a label', `labels:\n  ${NOTE}: 10.88.210.12:6443`],
    ['it is split into maps', 'annotations:\n  kubeadm:\n    kubernetes:\n      io/kube-apiserver: 10.88.210.12:6443'],
    ['it is a list', `annotations:\n  ${NOTE}: [10.88.210.12:6443]`],
  ])('is no note where %s', (_, annotations) => {
    const fact = parsed(manifest(annotations));
    expect(fact.type).toBe('pod');
    expect(fact).not.toHaveProperty('advertisedEndpoint');
  });

  it('is not believed of what is no pod, cut off, or no text', () => {
    const text = manifest(`annotations:\n  ${NOTE}: 10.88.210.12:6443`);
    expect(parsed(text.replace('kind: Pod', 'kind: ConfigMap'))).toMatchObject({ type: 'broken', why: 'it holds no pod' });
    expect(parsed(text, 5_000_000)).toMatchObject({ type: 'broken', why: 'it has 5000000 bytes: that is no manifest' });
    expect(parseManifest({ path: '/x', sizeBytes: 2, bytes: Uint8Array.of(0xc3, 0x28) })).toMatchObject({ type: 'broken', why: 'it is not UTF-8 text' });
  });
});

it('gives words and proxy variables with their lines, and paths of the host with whether the kubelet makes them', () => {
  const text = `apiVersion: v1
kind: Pod
metadata: { name: kube-scheduler }
spec:
  containers:
  - command: [/usr/local/bin/kube-scheduler, --leader-elect=true]
    args:
    - --v=2
    image: registry.k8s.io/kube-scheduler:v1.36.3
    env:
    - name: HTTPS_PROXY
      value: http://user:secret@proxy:3128
    - name: GOGC
      value: "50"
  volumes:
  - hostPath: { path: /etc/kubernetes/scheduler.conf, type: FileOrCreate }
  - hostPath:
      path: /etc/pki
`;
  const fact = parsed(text);
  expect(fact).toMatchObject({
    component: 'kube-scheduler',
    args: [
      { text: '/usr/local/bin/kube-scheduler', line: 6 },
      { text: '--leader-elect=true', line: 6 },
      { text: '--v=2', line: 8 },
    ],
    environment: [{ name: 'HTTPS_PROXY', line: 11 }],
    hostPaths: [
      { path: '/etc/kubernetes/scheduler.conf', line: 16, isMade: true },
      { path: '/etc/pki', line: 18, isMade: false },
    ],
  });
  expect(JSON.stringify(fact)).not.toContain('secret');
});
