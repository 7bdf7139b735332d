import { describe, expect, it } from 'vitest';
import type { PlannedRepair, RepairRequest } from '../app/audit/repair-cluster.ts';
import { planJson } from '../contract/plan.ts';
import type { ReportJson } from '../contract/report.ts';
import { auditReportJson } from '../contract/report.ts';
import { runOnBench } from './testing/cli-bench.ts';
import { plannedWorld, twoSteps } from './testing/planned-cluster.ts';
import type { Verbs } from './verbs.ts';

const finding = { code: 'shared-advertise-address', severity: 'error' as const, title: 't', evidence: ['e'], why: 'w', fix: 'f' };

interface World {
  readonly steps?: typeof twoSteps;
  readonly refused?: PlannedRepair['refused'];
  /** What an audit finds after the run. */
  readonly left?: ReportJson;
}

function repairing({ steps = twoSteps, refused = [], left = auditReportJson([], []) }: World = {}): { readonly verbs: Partial<Verbs>; readonly log: unknown[] } {
  const log: unknown[] = [];
  const world = plannedWorld({ steps });
  const planned = {
    report: auditReportJson([finding], []),
    byHand: [{ code: 'etcd-even-members', steps: ['add a member'] }],
    json: planJson({ cluster: 'demo', desired: 'd', basis: [], steps, texts: {} }),
    refused,
    fleet: new Map(),
  } as unknown as PlannedRepair;
  const audit: Verbs['audit'] = async () => ({
    auditCluster: async ({ only }) => {
      log.push(['audit', only]);
      return left;
    },
    explainRule: () => undefined,
    ruleCodes: () => [finding.code],
    planClusterRepair: async ({ only, collect }: RepairRequest) => {
      log.push(['plan', only, collect]);
      return planned;
    },
    openAuditHosts: () => ({ reach: { given: [], more: () => [] }, [Symbol.asyncDispose]: async () => void log.push('closed') }),
    openAuditCluster: () => {
      throw new Error('no file was given');
    },
  });
  const apply: Verbs['apply'] = async () => {
    log.push('apply');
    const verb = await world.verbs.apply?.();
    if (verb === undefined) throw new Error('nobody applies');
    return verb;
  };
  return { verbs: { ...world.verbs, audit, apply }, log };
}

const run = (world: ReturnType<typeof repairing>, ...words: readonly string[]) => runOnBench(['audit', '--fix', '--host', 'root@10.0.0.11', ...words], { verbs: world.verbs });

describe('audit --fix', () => {
  it('with --dry-run shows findings, handwork and plan, and changes nothing', async () => {
    const world = repairing();
    const { stdout, exitCode } = await run(world, '--dry-run');
    expect(exitCode).toBe(0);
    for (const part of ['error  shared-advertise-address', 'to be done by hand\n  etcd-even-members: add a member', '1. prepare the machine']) expect(stdout).toContain(part);
    expect(world.log).toEqual([['plan', [], false], 'closed']);
  });

  it('with --dry-run -o json gives the plan', async () => {
    const { stdout } = await run(repairing(), '--dry-run', '-o', 'json');
    expect(JSON.parse(stdout)).toMatchObject({ kind: 'Plan', cluster: 'demo' });
  });

  it('with --yes carries it out, then looks again: what is left decides the exit code', async () => {
    const world = repairing({ left: auditReportJson([finding], []) });
    const { stdout, exitCode } = await run(world, '--yes', '--only', finding.code);
    expect(exitCode).toBe(7);
    expect(world.log).toEqual([['plan', [finding.code], true], 'apply', ['audit', [finding.code]], 'closed']);
    expect(stdout).toContain('after it:');
    expect((await run(repairing(), '--yes')).exitCode).toBe(0);
  });

  it('takes no place of another run where nothing is to be changed, or nobody can answer', async () => {
    for (const words of [['--dry-run', '--yes'], []]) {
      const world = repairing();
      expect(await run(world, '--take-over', 'r9', ...words)).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('--take-over ends another run') as string });
      expect(world.log).toEqual(['closed']);
    }
  });

  it('proposes the command for the same machines and findings', async () => {
    const { stderr } = await run(repairing(), '--only', finding.code, '--sudo-password-env', 'PW');
    expect(stderr).toContain(`look at kubewright audit --fix --host root@10.0.0.11 --only ${finding.code} --sudo-password-env PW --dry-run`);
  });

  it('asks nobody where nobody can answer: it says how to go on, and changes nothing', async () => {
    const world = repairing();
    expect(await run(world)).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('--dry-run') as string });
    expect(world.log).not.toContain('apply');
  });

  it('says what is left out, and that decides the exit code of what is shown', async () => {
    const { stderr, exitCode } = await run(repairing({ refused: [{ id: 'cp-2/kube-apiserver', lane: undefined, why: 'the machine could not be seen' }] }), '--dry-run');
    expect(stderr).toContain('left out cp-2/kube-apiserver: the machine could not be seen');
    expect(exitCode).toBe(4);
  });

  it('knows the codes of findings', async () =>
    expect(await run(repairing(), '--only', 'nope')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(finding.code) as string }));

  it.each(['--dry-run', '--yes', '--only=x', '--take-over=x'])('is what %s belongs to', async (flag) => {
    const { verbs } = repairing();
    expect(await runOnBench(['audit', '--host', 'root@10.0.0.11', flag], { verbs })).toMatchObject({ exitCode: 2 });
  });
});
