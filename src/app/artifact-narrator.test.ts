import { expect, it } from 'vitest';
import { artifactNarrator } from './artifact-narrator.ts';

it('says what is made, and nothing about what was there', () => {
  const lines: string[] = [];
  const narrate = artifactNarrator((line) => lines.push(line));
  narrate({ artifact: 'kubectl', phase: 'ready', elapsedMs: 0 });
  narrate({ artifact: 'kubeadm', phase: 'waiting', elapsedMs: 0 });
  narrate({ artifact: 'kubeadm', phase: 'building', detail: 'k8s.io/api', elapsedMs: 900 });
  narrate({ artifact: 'kubeadm', phase: 'building', detail: 'k8s.io/client-go', elapsedMs: 2000 });
  narrate({ artifact: 'kubeadm', phase: 'ready', elapsedMs: 12_400 });
  expect(lines).toEqual(['kubeadm: building: k8s.io/api', 'kubeadm: ready after 12s']);
});

it('says whom a waiting artifact waits for', () => {
  const lines: string[] = [];
  const narrate = artifactNarrator((line) => lines.push(line));
  narrate({ artifact: 'etcd', phase: 'waiting', elapsedMs: 0 });
  narrate({ artifact: 'etcd', phase: 'waiting', detail: 'it is being made by process 7', elapsedMs: 0 });
  expect(lines).toEqual(['etcd: waiting: it is being made by process 7']);
});
