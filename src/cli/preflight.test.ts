import { describe, expect, it } from 'vitest';
import type { PlanContext } from '../app/plan-cluster.ts';
import type { PreflightContext } from '../app/preflight.ts';
import { reportSchema } from '../contract/report.ts';
import type { FindingJson } from '../contract/report.ts';
import { judgedReportJson } from '../contract/report.ts';
import { AppError } from '../errors/app-error.ts';
import { runOnBench } from './testing/cli-bench.ts';
import { plannedWorld } from './testing/planned-cluster.ts';
import type { Verbs } from './verbs.ts';

const swap: FindingJson = { code: 'swap-on', severity: 'warning', node: 'w-1', title: 'swap is on', evidence: ['/proc/swaps lists a device'], why: 'slow', fix: 'swapoff -a' };
const report = judgedReportJson([swap], [{ node: 'w-1', what: 'product_uuid', why: 'in a container' }], false);
const next = 'mend the warnings; to go on with the warnings: --allow swap-on=w-1';

/** A plan whose preflight has one warning, and what it was given. */
function warned() {
  const given: PlanContext[] = [];
  const { verbs, calls } = plannedWorld();
  const planCluster: Awaited<ReturnType<Verbs['plan']>>['planCluster'] = async (loaded, context) => {
    given.push(context);
    const { consents } = context;
    if (consents !== undefined && consents.allowed.length === 0 && (await consents.ask?.(report)) !== true)
      throw new AppError('refused', 'preflight found 1 warning; nothing was changed', { hint: next, answer: report });
    return (await verbs.plan!()).planCluster(loaded, context);
  };
  return { given, calls, verbs: { ...verbs, plan: async () => ({ planCluster }) } };
}

describe('a refusal', () => {
  it('is the whole report and what to do, for people', async () => {
    const { verbs, calls } = warned();
    const { exitCode, stdout, stderr } = await runOnBench(['apply', '--yes'], { verbs });
    expect({ exitCode, stdout, isApplied: calls.includes('apply') }).toEqual({ exitCode: 5, stdout: '', isApplied: false });
    expect(stderr).toMatchInlineSnapshot(`
      "warning  swap-on  w-1
        swap is on
        seen: /proc/swaps lists a device
        why:  slow
        fix:  swapoff -a

      could not be seen
        w-1: product_uuid: in a container

      not ok: 1 warning, 1 not known

      error: preflight found 1 warning; nothing was changed [refused]
      next: mend the warnings; to go on with the warnings: --allow swap-on=w-1
      "
    `);
  });

  it('is the report alone as JSON', async () => {
    const { stdout, exitCode } = await runOnBench(['apply', '--yes', '-o', 'json'], { verbs: warned().verbs });
    expect(exitCode).toBe(5);
    expect(reportSchema.parse(JSON.parse(stdout))).toEqual(report);
  });
});

describe('consent', () => {
  it('is given by name', async () => {
    const { verbs, given } = warned();
    expect(await runOnBench(['apply', '--yes', '--allow', 'swap-on=w-1,os-untried', '--allow', 'selinux-enforcing'], { verbs })).toMatchObject({ exitCode: 0 });
    expect(given[0]?.consents?.allowed).toEqual([{ code: 'swap-on', node: 'w-1' }, { code: 'os-untried' }, { code: 'selinux-enforcing' }]);
  });

  it('is asked of a person who has seen the report; --yes is none', async () => {
    const asked = await runOnBench(['apply'], { verbs: warned().verbs, isTerminal: true, agrees: true });
    expect(asked).toMatchObject({ exitCode: 0, asked: ['Go on with these warnings?', 'Carry this out?'] });
    expect(asked.stdout).toContain('warning  swap-on  w-1');
    expect(await runOnBench(['apply', '--yes'], { verbs: warned().verbs, isTerminal: true, agrees: true })).toMatchObject({ exitCode: 5, asked: [] });
  });

  it('needs a code', async () => {
    const { exitCode, stderr } = await runOnBench(['apply', '--allow', 'Swap On']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringContaining('--allow "Swap On": it is not of the form CODE or CODE=NODE') });
  });

  it('is not asked by plan, which changes nothing', async () => {
    const { verbs, given } = warned();
    expect(await runOnBench(['plan'], { verbs })).toMatchObject({ exitCode: 0 });
    expect(given[0]?.consents).toBeUndefined();
  });
});

describe('apply --check', () => {
  function checked(exitCode: number) {
    const given: PreflightContext[] = [];
    const { verbs, calls } = plannedWorld();
    const check: Verbs['check'] = async () => ({
      checkCluster: async (_loaded, context) => {
        given.push(context);
        return { report, exitCode, next: exitCode === 0 ? undefined : next };
      },
      checkCodes: () => [],
    });
    return { given, calls, verbs: { ...verbs, check } };
  }

  it('judges, and neither plans nor applies', async () => {
    const { verbs, calls, given } = checked(5);
    const { exitCode, stdout, stderr } = await runOnBench(['apply', '--check', '--allow', 'swap-on=w-2', '-f', 'prod.yaml'], { verbs });
    expect({ exitCode, stderr, calls }).toEqual({ exitCode: 5, stderr: `next: ${next}\n`, calls: ['read prod.yaml', 'open', 'close'] });
    expect(stdout).toContain('could not be seen\n  w-1: product_uuid: in a container');
    expect(given[0]?.consents?.allowed).toEqual([{ code: 'swap-on', node: 'w-2' }]);
  });

  it('gives the report as JSON', async () => {
    const { exitCode, stdout } = await runOnBench(['apply', '--check', '-o', 'json'], { verbs: checked(0).verbs });
    expect({ exitCode, value: reportSchema.parse(JSON.parse(stdout)) }).toEqual({ exitCode: 0, value: report });
  });
});
