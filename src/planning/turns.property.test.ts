import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cluster } from '../model/cluster.ts';
import { planDeploy } from './plan-deploy.ts';
import type { DeployStep } from './step-types.ts';
import { clusterOf, plainEntry } from './testing/any-cluster.ts';
import { bareMachines, inputFor } from './testing/deploy-input.ts';
import { livingSnapshot, neverJoined, someFile, withFiles } from './testing/living.ts';

const CONFIG = '/etc/containerd/config.toml';

function clusterOfSize(controlPlanes: number): Cluster {
  const nodes = Array.from({ length: controlPlanes }, (_, index) => ({
    name: `cp-${index + 1}`,
    address: `10.0.0.${11 + index}`,
    role: 'control-plane' as const,
    labels: {},
    taints: [],
  }));
  const workers = [1, 2].map((number) => ({ name: `w-${number}`, address: `10.0.0.${20 + number}`, role: 'worker' as const, labels: {}, taints: [] }));
  return clusterOf({ ...plainEntry, nodes: [...nodes, ...workers] });
}

const clusters = new Map([1, 3, 5].map((size) => [size, clusterOfSize(size)] as const));

/** A living cluster on some of whose machines the runtime's configuration is not what it is to be. */
const anyDrift = fc.constantFrom(...clusters.keys()).chain((size) => {
  const cluster = clusters.get(size)!;
  return fc.record({
    cluster: fc.constant(cluster),
    drifted: fc.subarray(
      cluster.nodes.map(({ name }) => name as string),
      { minLength: 1 },
    ),
  });
});

const needsOf = ({ needs }: DeployStep): readonly string[] => needs.map(({ step }) => step);
const isOfControlPlane = ({ id }: DeployStep): boolean => id.startsWith('cp-');

function prepareSteps(cluster: Cluster, drifted: readonly string[], living = livingSnapshot(cluster)): readonly DeployStep[] {
  const snapshot = drifted.reduce((before, name) => withFiles(before, name, { [CONFIG]: someFile }), living);
  return planDeploy(inputFor(cluster, snapshot)).plan.steps.filter(({ id }) => id.endsWith('/prepare'));
}

describe('changed runtimes of a living cluster', () => {
  it('are restarted on one control plane at a time, each while the others have the quorum', () => {
    fc.assert(
      fc.property(anyDrift, ({ cluster, drifted }) => {
        const steps = prepareSteps(cluster, drifted);
        expect(steps.map(({ id }) => id).sort()).toEqual(drifted.map((name) => `${name}/prepare`).sort());
        const turns = steps.filter(isOfControlPlane);
        for (const [index, step] of turns.entries()) {
          expect(needsOf(step)).toEqual(expect.arrayContaining(turns.slice(0, index).map(({ id }) => id)));
          const others = cluster.nodes.filter(({ role }) => role === 'control-plane').length - 1;
          const gated = others === 0 ? [] : [`etcd-spared ${step.id.replace('/prepare', '')}`];
          expect(step.gates.map((gate) => ('node' in gate ? `${gate.gate} ${gate.node}` : gate.gate))).toEqual(gated);
        }
      }),
      { numRuns: 25 },
    );
  });

  it('wait for nobody on workers, and hold no machine up that is only to join', () => {
    const cluster = clusters.get(3)!;
    const living = neverJoined(livingSnapshot(cluster), cluster, 'cp-3');
    const steps = prepareSteps(cluster, ['cp-1', 'w-1', 'w-2'], living);
    expect(steps.map((step) => [step.id, needsOf(step), step.gates.length])).toEqual([
      ['cp-1/prepare', [], 1],
      ['cp-3/prepare', [], 0],
      ['w-1/prepare', [], 0],
      ['w-2/prepare', [], 0],
    ]);
  });

  it('take no turns where there is no cluster yet', () => {
    const cluster = clusters.get(3)!;
    const steps = planDeploy(inputFor(cluster, bareMachines(cluster))).plan.steps.filter(({ id }) => id.endsWith('/prepare'));
    expect(steps.flatMap((step) => [...needsOf(step), ...step.gates])).toEqual([]);
  });
});
