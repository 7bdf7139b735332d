import { describe, expect, it } from 'vitest';
import { planDeploy } from '../plan-deploy.ts';
import type { ClusterEntry, NodeEntry } from '../testing/any-cluster.ts';
import { clusterOf, plainEntry } from '../testing/any-cluster.ts';
import { bareMachines, inputFor } from '../testing/deploy-input.ts';
import { nodeBytes, sharedBytes } from '../testing/plan-bytes.ts';

const withOwn = (own: Partial<NodeEntry>): ClusterEntry => ({ ...plainEntry, nodes: plainEntry.nodes.map((node) => (node.name === 'cp-2' ? { ...node, ...own } : node)) });

function planOf(entry: ClusterEntry) {
  const cluster = clusterOf(entry);
  return planDeploy(inputFor(cluster, bareMachines(cluster))).plan;
}

/** The patches that a plan writes on a node, by their file names. */
function patchesOn(name: string, entry: ClusterEntry): Readonly<Record<string, string>> {
  const files = nodeBytes(planOf(entry), name).filter(({ path }) => path.startsWith('/etc/kubewright/patches/'));
  return Object.fromEntries(files.map(({ path, text }) => [path.slice(path.lastIndexOf('/') + 1), text]));
}

describe('the patches of a node', () => {
  it('add its flags to the commands of its components', () => {
    const own = { apiServer: { extraArgs: { 'bind-address': '10.0.0.12' } }, etcd: { extraArgs: { 'listen-metrics-urls': 'http://127.0.0.1:2381,http://10.0.0.12:2381' } } };
    expect(patchesOn('cp-2', withOwn(own))).toMatchInlineSnapshot(`
      {
        "etcd0+json.yaml": "- op: add
        path: /spec/containers/0/command/-
        value: --listen-metrics-urls=http://127.0.0.1:2381,http://10.0.0.12:2381
      ",
        "kube-apiserver0+json.yaml": "- op: add
        path: /spec/containers/0/command/-
        value: --bind-address=10.0.0.12
      ",
        "kubeletconfiguration0+merge.yaml": "# resolvConf: no systemd-resolved here
      resolvConf: /etc/resolv.conf
      ",
      }
    `);
  });

  it('move the probes along with what would otherwise serve on loopback', () => {
    const bound = { extraArgs: { 'bind-address': '10.0.0.12' } };
    expect(patchesOn('cp-2', withOwn({ controllerManager: bound, scheduler: bound }))).toMatchInlineSnapshot(`
      {
        "kube-controller-manager0+json.yaml": "- op: add
        path: /spec/containers/0/command/-
        value: --bind-address=10.0.0.12
      - op: replace
        path: /spec/containers/0/livenessProbe/httpGet/host
        value: 10.0.0.12
      - op: replace
        path: /spec/containers/0/startupProbe/httpGet/host
        value: 10.0.0.12
      ",
        "kube-scheduler0+json.yaml": "- op: add
        path: /spec/containers/0/command/-
        value: --bind-address=10.0.0.12
      - op: replace
        path: /spec/containers/0/livenessProbe/httpGet/host
        value: 10.0.0.12
      - op: replace
        path: /spec/containers/0/readinessProbe/httpGet/host
        value: 10.0.0.12
      - op: replace
        path: /spec/containers/0/startupProbe/httpGet/host
        value: 10.0.0.12
      ",
        "kubeletconfiguration0+merge.yaml": "# resolvConf: no systemd-resolved here
      resolvConf: /etc/resolv.conf
      ",
      }
    `);
  });

  it('leave the probes alone where it serves everywhere', () => {
    const patches = patchesOn('cp-2', withOwn({ scheduler: { extraArgs: { 'bind-address': '0.0.0.0' } } }));
    expect(patches['kube-scheduler0+json.yaml']).not.toContain('Probe');
  });

  it('hold what the file says of its kubelet, also in the place of what is derived', () => {
    expect(patchesOn('cp-2', withOwn({ kubelet: { config: { maxPods: 200, resolvConf: '/etc/own' } } }))).toMatchInlineSnapshot(`
      {
        "kubeletconfiguration0+merge.yaml": "maxPods: 200
      resolvConf: /etc/own
      ",
      }
    `);
  });

  it('are those of a plain node everywhere else', () => {
    const own = { scheduler: { extraArgs: { 'bind-address': '10.0.0.12' } }, kubelet: { config: { maxPods: 200 } } };
    for (const name of ['cp-1', 'w-1']) expect(patchesOn(name, withOwn(own))).toEqual(patchesOn(name, plainEntry));
  });
});

describe('flags and settings of all nodes', () => {
  it('stand in the shared documents, those of the user in the place of ours', () => {
    const shared = sharedBytes(
      planOf({
        ...plainEntry,
        controllerManager: { extraArgs: { 'node-monitor-grace-period': '20s' } },
        scheduler: { extraArgs: { 'kube-api-qps': '60' } },
        etcd: { extraArgs: { 'quota-backend-bytes': '4294967296' } },
        kubeProxy: { conntrack: { tcpCloseWaitTimeout: '30m' }, portRange: '30000-30010' },
      }),
    );
    const between = (from: string, to: string): string => shared.slice(shared.indexOf(from), shared.indexOf(to, shared.indexOf(from)));
    expect(between('controllerManager:', '---')).toMatchInlineSnapshot(`
      "controllerManager:
        extraArgs:
          - name: node-monitor-grace-period
            value: 20s
      scheduler:
        extraArgs:
          - name: kube-api-qps
            value: "60"
      etcd:
        local:
          extraArgs:
            - name: quota-backend-bytes
              value: "4294967296"
      "
    `);
    expect(between('kind: KubeProxyConfiguration', '---')).toMatchInlineSnapshot(`
      "kind: KubeProxyConfiguration
      mode: iptables
      conntrack:
        tcpCloseWaitTimeout: 30m
      portRange: 30000-30010
      "
    `);
  });
});
