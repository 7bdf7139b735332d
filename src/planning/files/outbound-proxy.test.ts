import { describe, expect, it } from 'vitest';
import type { Snapshot } from '../../facts/snapshot.ts';
import { inputsRecord } from '../../facts/unit-inputs.ts';
import type { Cluster } from '../../model/cluster.ts';
import { loadCluster } from '../../spec/load-cluster.ts';
import { clusterText, loadOptions } from '../../spec/testing/cluster-texts.ts';
import { planDeploy } from '../plan-deploy.ts';
import { bareMachines, inputFor } from '../testing/deploy-input.ts';
import { livingSnapshot, neverJoined, withHost } from '../testing/living.ts';
import { nodeBytes, sharedBytes } from '../testing/plan-bytes.ts';
import { KUBELET_UNIT, kubeletInputs } from './kubelet.ts';

function clusterOf(spec: string): Cluster {
  const loaded = loadCluster(clusterText({ spec }), 'cluster.yaml', loadOptions);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return loaded.cluster;
}

const PROXY = 'proxy: { httpProxy: "http://proxy.example.com:3128", httpsProxy: "http://proxy.example.com:3128", noProxy: [.example.com, 10.0.0.0/24] }';
const cluster = clusterOf(PROXY);
const plain = clusterOf('kubelet: {}');
const filesOn = (name: string) => nodeBytes(planDeploy(inputFor(cluster, bareMachines(cluster))).plan, name).filter(({ path }) => path.endsWith('proxy.conf'));
/** A living cluster, with what its kubelets were started with. */
function living(made: Cluster): Snapshot {
  return made.nodes.reduce(
    (snapshot, { name }) =>
      withHost(snapshot, name, ({ units, files }) => {
        const inputs = kubeletInputs(made.wide).flatMap((path) => (files[path] === undefined ? [] : [[path, files[path]] as const]));
        const kubelet = units[KUBELET_UNIT];
        const startedWith = inputsRecord(inputs);
        return kubelet === undefined || startedWith === undefined ? {} : { units: { ...units, [KUBELET_UNIT]: { ...kubelet, startedWith } } };
      }),
    livingSnapshot(made),
  );
}

const stepsOf = (wanted: Cluster, made: Cluster) => planDeploy(inputFor(wanted, living(made))).plan.steps.map(({ id }) => id);

describe('the way out of the network', () => {
  it('is a drop-in of the runtime and of the kubelet, which names the cluster’s own and this machine alone', () => {
    expect(filesOn('w-1').map(({ path }) => path)).toEqual([
      '/etc/systemd/system/containerd.service.d/20-kubewright-proxy.conf',
      '/etc/systemd/system/kubelet.service.d/20-kubewright-proxy.conf',
    ]);
    expect(filesOn('w-1')[0]?.text).toMatchInlineSnapshot(`
      "# Written by kubewright.
      [Service]
      Environment="HTTP_PROXY=http://proxy.example.com:3128"
      Environment="HTTPS_PROXY=http://proxy.example.com:3128"
      Environment="NO_PROXY=localhost,127.0.0.0/8,10.244.0.0/16,10.96.0.0/16,.svc,.cluster.local,api.demo.kubewright.internal,w-1,10.0.0.21,.example.com,10.0.0.0/24"
      "
    `);
  });

  it('is in nothing that all nodes share: kubeadm is given no such variable', () => {
    const { plan } = planDeploy(inputFor(cluster, bareMachines(cluster)));
    expect(sharedBytes(plan)).not.toContain('proxy.example.com');
  });

  it('restarts runtimes and kubelets when it comes and when it goes', () => {
    const steps = cluster.nodes.flatMap(({ name }) => [`${name}/prepare`, `${name}/kubelet`]).sort();
    expect([...stepsOf(cluster, plain)].sort()).toEqual(steps);
    expect([...stepsOf(plain, cluster)].sort()).toEqual(steps);
    expect(stepsOf(cluster, cluster)).toEqual([]);
  });

  it('stays as it is on the others when a machine comes', () => {
    const without = neverJoined(livingSnapshot(cluster), cluster, 'w-1');
    const prepared = planDeploy(inputFor(cluster, without)).plan.steps.filter(({ id }) => id.endsWith('/prepare'));
    expect(prepared.map(({ id }) => id)).toEqual(['w-1/prepare']);
  });
});
