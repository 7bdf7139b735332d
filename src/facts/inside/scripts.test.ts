import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { insideScript } from './inside-script.ts';
import { probeManifest } from './probe-manifest.ts';
import { reachScript } from './reach-script.ts';

const run = { runId: 'verify-1', through: 'cp-1' };
const inside = insideScript({ dnsDomain: 'cluster.local', nodesWithMetrics: 4, patience: { seconds: 60, secondsUnready: 15 } }, run);
const reach = reachScript({ endpointHost: 'api.demo.kubewright.internal', apiPort: 6443, controlPlanes: [{ name: 'cp-1', address: '10.0.0.11' }] });

it.each([
  ['inside', inside],
  ['reach', reach],
])('the %s script is shell', (_, script) => expect(spawnSync('sh', ['-n'], { input: script, encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' }));

it("asks an API server by its address under the endpoint's name, verified", () => {
  expect(reach).toContain("--noproxy '*'");
  expect(reach).toContain(
    "--cacert /etc/kubernetes/pki/ca.crt --resolve api.demo.kubewright.internal:6443:10.0.0.11 -w '\\n%{http_code}' https://api.demo.kubewright.internal:6443/readyz",
  );
});

it('takes the namespace before it makes anything in it, and removes everything in the end', () => {
  const order = ['"$KW_IN/namespace.json"', '"$KW_IN/probe.json"', 'until all_ready', 'delete daemonsets --selector kubewright.dev/run=verify-1'].map((part) =>
    inside.indexOf(part),
  );
  expect(order).toEqual([...order].sort((a, b) => a - b));
  expect(order[0]).toBeGreaterThan(0);
});

it('does not ask for metrics where there is no metrics-server', () =>
  expect(insideScript({ dnsDomain: 'cluster.local', nodesWithMetrics: 0, patience: { seconds: 60, secondsUnready: 15 } }, run)).not.toContain(' top nodes'));

it('the probe may run on any node and may do nothing there', () => {
  const probe = JSON.parse(probeManifest('agnhost:1', run)) as { kind: string; spec: { template: { spec: Record<string, unknown> } } };
  expect(probe.kind).toBe('DaemonSet');
  expect(probe.spec.template.spec).toMatchObject({
    tolerations: [{ operator: 'Exists' }],
    automountServiceAccountToken: false,
    terminationGracePeriodSeconds: 0,
    securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [{ image: 'agnhost:1', imagePullPolicy: 'IfNotPresent', securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } } }],
  });
});
