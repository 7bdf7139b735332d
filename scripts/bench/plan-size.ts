import { stringify } from 'yaml';
import { defaultVersion, releases } from '../../src/catalogue/catalogue.ts';
import type { Fleet } from '../../src/app/observe-fleet.ts';
import { VirtualClock } from '../../src/engine/virtual-clock.ts';
import type { Cluster } from '../../src/model/cluster.ts';
import { applyOn, loadedOf, planFor } from '../../src/sim/deployment.ts';
import { growWorld } from '../../src/sim/grow-world.ts';
import { SimOperator } from '../../src/sim/sim-operator.ts';
import { SimWorld } from '../../src/sim/sim-world.ts';
import { loadCluster } from '../../src/spec/load-cluster.ts';
import type { Spent } from './median.ts';
import { medianOf } from './median.ts';

const RUNS = 3;
const SIZES = [100, 1000, 2000, 5000];
const CONTROL_PLANES = 3;
const PATTERN = `n-${CONTROL_PLANES + 1}`;
const PER_BLOCK = 250;

/**
 * How long a `plan` without a change takes on simulated machines that answer at once: planning what to ask, reading the answers, planning. Answers are made before.
 * Throws where anything is planned.
 */
export async function measurePlanSizes(): Promise<object> {
  const small = clusterOf(CONTROL_PLANES + 1);
  const world = new SimWorld(small, new VirtualClock());
  await applyOn(world, loadedOf(small));
  const nodes: Record<string, Spent> = {};
  for (const size of SIZES) nodes[size] = await measure(world, clusterOf(size));
  return { runs: RUNS, nodes };
}

async function measure(small: SimWorld, cluster: Cluster): Promise<Spent> {
  const loaded = loadedOf(cluster);
  const fleet = remembering(new SimOperator(growWorld(small, cluster, PATTERN)).fleet);
  const { plan, refused } = await planFor(loaded, fleet);
  if (plan.steps.length + refused.length > 0) throw new Error(`${plan.steps.length} steps are planned, ${refused.length} refused: ${plan.steps[0]?.id ?? refused[0]?.why}`);
  return medianOf(RUNS, () => planFor(loaded, fleet));
}

/** Machines whose answers are made once: what is measured is the tool, not the simulation. */
function remembering(fleet: Fleet): Fleet {
  return new Map(
    [...fleet].map(([lane, host]) => {
      const answers = new Map<string, Promise<string>>();
      const read: typeof host.read = (script, options) => {
        const answer = answers.get(script) ?? host.read(script, options);
        answers.set(script, answer);
        return answer;
      };
      return [lane, { ...host, read }];
    }),
  );
}

function clusterOf(size: number): Cluster {
  const nodes = Array.from({ length: size }, (_, index) => ({
    name: `n-${index + 1}`,
    address: `172.${16 + Math.floor(index / PER_BLOCK ** 2)}.${Math.floor(index / PER_BLOCK) % PER_BLOCK}.${(index % PER_BLOCK) + 1}`,
    role: index < CONTROL_PLANES ? 'control-plane' : 'worker',
  }));
  const file = {
    apiVersion: 'kubewright.dev/v1alpha1',
    kind: 'Cluster',
    metadata: { name: 'large' },
    spec: { kubernetes: { version: defaultVersion }, network: { podCIDR: '10.0.0.0/10', serviceCIDR: '10.128.0.0/16' }, nodes },
  };
  const loaded = loadCluster(stringify(file), 'cluster.yaml', { releases, home: '/' });
  if (!loaded.ok) throw new Error(loaded.problems.map(({ message }) => message).join('; '));
  return loaded.cluster;
}
