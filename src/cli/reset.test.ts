import { describe, expect, it } from 'vitest';
import type { LoadedCluster } from '../app/cluster-file.ts';
import type { PlannedReset, ResetContext } from '../app/plan-reset.ts';
import { planJson } from '../contract/plan.ts';
import { runOnBench } from './testing/cli-bench.ts';
import { plannedWorld, twoSteps } from './testing/planned-cluster.ts';
import type { Verbs } from './verbs.ts';

interface World {
  readonly steps?: typeof twoSteps;
  readonly refused?: PlannedReset['refused'];
}

function resetting({ steps = twoSteps, refused = [] }: World = {}): { readonly verbs: Partial<Verbs>; readonly log: unknown[] } {
  const log: unknown[] = [];
  const world = plannedWorld({ steps });
  const loaded = { cluster: { wide: { name: 'demo' }, nodes: [{ name: 'cp-1', address: { openFor: () => '10.0.0.11' } }] }, warnings: [] } as unknown as LoadedCluster;
  const json = planJson({ cluster: 'demo', desired: 'd', basis: [], steps, texts: {} });
  const planned = { json, refused, stays: { 'cp-1': ['a lock'], 'w-1': ['a lock'] } } as unknown as PlannedReset;
  const reset: Verbs['reset'] = async () => ({
    planClusterReset: async (_loaded, { allowed, collect }: ResetContext) => {
      log.push(['plan', allowed, collect]);
      return planned;
    },
  });
  const apply: Verbs['apply'] = async () => {
    log.push('apply');
    const verb = await world.verbs.apply?.();
    if (verb === undefined) throw new Error('nobody applies');
    return verb;
  };
  return { verbs: { ...world.verbs, clusterFile: async () => ({ readClusterFile: async () => loaded }), reset, apply }, log };
}

const run = (world: ReturnType<typeof resetting>, words: readonly string[], options: object = {}) => runOnBench(['reset', ...words], { verbs: world.verbs, ...options });

describe('reset', () => {
  it('with --dry-run shows the plan and the command that carries it out, and changes nothing', async () => {
    const world = resetting();
    const { stdout, stderr, exitCode } = await run(world, ['--dry-run', '-f', 'demo.yaml']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('prepare the machine');
    expect(stderr).toContain('to carry this out: kubewright reset -f demo.yaml --yes --allow reset=demo');
    expect(world.log).toEqual([['plan', [], false]]);
  });

  it('with --dry-run repeats what was consented to, in words that a shell takes', async () => {
    const { stderr } = await run(resetting(), ['--dry-run', '-f', "it's mine.yaml", '--allow', 'unreachable=w-2,left-behind=w-9']);
    expect(stderr).toContain(`kubewright reset -f 'it'\\''s mine.yaml' --allow unreachable=w-2 --allow left-behind=w-9 --yes --allow reset=demo`);
  });

  it('with --dry-run -o json prints the plan alone', async () => {
    const { stdout } = await run(resetting(), ['--dry-run', '-o', 'json']);
    expect(JSON.parse(stdout)).toMatchObject({ kind: 'Plan', cluster: 'demo' });
  });

  it('with --dry-run ends with 4 where a machine is left out', async () => {
    const { stderr, exitCode } = await run(resetting({ refused: [{ id: 'w-1/reset', lane: undefined, why: 'the machine could not be seen' }] }), ['--dry-run']);
    expect(exitCode).toBe(4);
    expect(stderr).toContain('left out w-1/reset: the machine could not be seen');
  });

  it.each([[['--yes']], [['--yes', '--allow', 'reset=other']]])('%j does not consent: no machine is looked at', async (words) => {
    const world = resetting();
    const { stderr, exitCode } = await run(world, words);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('name it: kubewright reset --yes --allow reset=demo');
    expect(world.log).toEqual([]);
  });

  it('consented to by name, it runs, and says what stays, equal machines once', async () => {
    const world = resetting();
    const { stdout, exitCode } = await run(world, ['--yes', '--allow', 'reset=demo,unreachable=w-2']);
    expect(exitCode).toBe(0);
    const allowed = [
      { code: 'reset', node: 'demo' },
      { code: 'unreachable', node: 'w-2' },
    ];
    expect(world.log).toEqual([['plan', allowed, true], 'apply']);
    expect(stdout).toContain('stays on cp-1, w-1:\n  a lock\n');
  });

  it.each([
    [true, 0],
    [false, 130],
  ])('asks a person who has seen the plan: %s', async (agrees, code) => {
    const world = resetting();
    const { stdout, exitCode, asked } = await run(world, [], { isTerminal: true, agrees });
    expect([exitCode, asked]).toEqual([code, ['Carry this out?']]);
    expect(stdout).toContain('prepare the machine');
    expect(world.log.includes('apply')).toBe(agrees);
  });

  it('is not carried out where nobody can answer', async () => {
    const world = resetting();
    const { stderr, exitCode } = await run(world, []);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('run it with --yes --allow reset=demo');
    expect(world.log).not.toContain('apply');
  });

  it('asks nothing where there is nothing to do', async () => {
    const { stdout, exitCode, asked } = await run(resetting({ steps: [] }), [], { isTerminal: true });
    expect([exitCode, asked]).toEqual([0, []]);
    expect(stdout).toContain('nothing to do: no machine holds anything of the cluster');
  });
});
