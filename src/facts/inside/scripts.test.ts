import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { insideScript } from './inside-script.ts';
import { probeManifest } from './probe-manifest.ts';
import { reachScript } from './reach-script.ts';

const inside = insideScript({ dnsDomain: 'cluster.local', nodesWithMetrics: 4, rolloutSeconds: 60, metricsSeconds: 60 });
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

it('clears what is left before it makes anything, and removes everything in the end', () => {
  const order = ['delete namespace kubewright-verify --ignore-not-found --timeout', 'create --filename', 'rollout status', 'kw_slot inside', 'delete daemonset probe'].map((part) =>
    inside.indexOf(part),
  );
  expect(order).toEqual([...order].sort((a, b) => a - b));
  expect(order[0]).toBeGreaterThan(0);
});

it('does not ask for metrics where there is no metrics-server', () =>
  expect(insideScript({ dnsDomain: 'cluster.local', nodesWithMetrics: 0, rolloutSeconds: 60, metricsSeconds: 60 })).not.toContain(' top nodes'));

it('the probe may run on any node and may do nothing there', () => {
  const { items } = JSON.parse(probeManifest('agnhost:1')) as { items: readonly { kind: string; spec: { template: { spec: Record<string, unknown> } } }[] };
  expect(items.map(({ kind }) => kind)).toEqual(['Namespace', 'DaemonSet']);
  expect(items[1]!.spec.template.spec).toMatchObject({
    tolerations: [{ operator: 'Exists' }],
    automountServiceAccountToken: false,
    terminationGracePeriodSeconds: 0,
    securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [{ image: 'agnhost:1', imagePullPolicy: 'IfNotPresent', securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } } }],
  });
});
