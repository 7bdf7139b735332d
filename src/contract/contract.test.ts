import { describe, expect, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import type { RunEvent } from '../engine/events.ts';
import { runPlan } from '../engine/run-plan.ts';
import { FakeWorld, fakeStep } from '../engine/testing/fake-world.ts';
import { VirtualClock } from '../engine/virtual-clock.ts';
import type { Content } from '../plan/plan.ts';
import { sha256 } from '../util/sha256.ts';
import { artifactListJson, artifactListSchema } from './artifact-list.ts';
import { errorJson, errorSchema } from './error.ts';
import type { EventFields } from './event.ts';
import { eventJson, eventSchema } from './event.ts';
import { labListJson, labListSchema } from './lab-list.ts';
import type { ContentJson, PlanJson } from './plan.ts';
import { planDigest, planJson, planSchema } from './plan.ts';
import { auditReportJson, reportJson, reportSchema } from './report.ts';
import { ruleSchema } from './rule.ts';

const text = 'net.ipv4.ip_forward = 1\n';
const plan: Omit<PlanJson, 'apiVersion' | 'kind' | 'digest'> = {
  cluster: 'demo',
  desired: sha256('desired'),
  basis: [{ fact: 'sysctls', lane: 'cp-1', digest: sha256('x'), shown: 'ip_forward is 0' }],
  steps: [
    {
      id: 'cp-1/kernel',
      on: { lane: 'cp-1' },
      title: 'Kernel settings',
      why: 'ip_forward is 0',
      needs: [],
      effect: { disruption: 'none' },
      actions: [
        { kind: 'file', role: 'goal', title: 'write 99.conf', file: { path: '/etc/sysctl.d/99.conf', mode: '0644', owner: 'root:root', content: [{ text: sha256(text) }] } },
      ],
    },
  ],
  texts: { [sha256(text)]: text },
};

describe('a plan', () => {
  it('parses as it was written, through JSON', () => {
    const json = planJson(plan);
    expect(planSchema.parse(JSON.parse(JSON.stringify(json)))).toEqual(json);
  });

  it('has a digest of its content, not of the order of its keys', () => {
    const { texts, steps, basis, desired, cluster } = plan;
    expect(planDigest({ texts, steps, basis, desired, cluster })).toBe(planDigest(plan));
    expect(planDigest({ ...plan, desired: sha256('other') })).not.toBe(planDigest(plan));
  });

  it('takes the content of a file as plans hold it', () => {
    expectTypeOf<Content>().toExtend<ContentJson>();
  });
});

describe('events', () => {
  it('of the engine are events of the contract', async () => {
    expectTypeOf<RunEvent>().toExtend<EventFields>();
    const clock = new VirtualClock();
    const events: RunEvent[] = [];
    const steps = [
      fakeStep('a', { gates: [{ opensAtMs: 300, deadlineMs: 1000 }] }),
      fakeStep('b', { lane: 'n-2', actions: [{ role: 'goal', action: { takesMs: 1, fails: true, says: () => ['bad'] } }] }),
      fakeStep('c', { needs: [{ step: 'b', when: 'succeeded' }] }),
    ];
    const options = {
      signal: new AbortController().signal,
      emit: (event: RunEvent) => void events.push(event),
      limits: { lanes: 2 },
      gateEveryMs: 250,
      deadlineMs: () => 1000,
      slotsOf: () => [],
      clock,
    };
    await clock.drive(runPlan({ desired: '', basis: [], steps, texts: {} }, new FakeWorld(clock).ports(), options));
    expect(new Set(events.map(({ type }) => type)).size).toBeGreaterThan(8);
    for (const event of events) expect(eventSchema.parse(eventJson(event))).toEqual({ apiVersion: 'kubewright.dev/v1alpha1', kind: 'Event', ...event });
  });
});

describe('an audit', () => {
  it('keeps the order of its findings and the data of their repairs, and is not less ok for what it could not see', () => {
    const finding = { severity: 'warning' as const, title: 't', evidence: ['e'], why: 'w', fix: 'f' };
    const report = auditReportJson(
      [
        { ...finding, code: 'z', repair: { kind: 'remove-files', files: [] } },
        { ...finding, code: 'a' },
      ],
      [{ what: 'w-1', why: 'no answer' }],
    );
    expect(reportSchema.parse(JSON.parse(JSON.stringify(report)))).toEqual(report);
    expect(report.findings.map(({ code }) => code)).toEqual(['z', 'a']);
    expect(report.ok).toBe(true);
  });
});

describe('a report', () => {
  const finding = { code: 'x', title: 't', evidence: ['e'], why: 'w', fix: 'f' };

  it.each([
    [[], [], true],
    [[{ ...finding, severity: 'warning' as const }], [], true],
    [[{ ...finding, severity: 'error' as const }], [], false],
    [[], [{ node: 'cp-1', what: 'certificates', why: 'unreachable' }], false],
  ])('%j with unknown %j is ok: %s', (findings, unknown, ok) => {
    const report = reportJson(findings, unknown);
    expect(report.ok).toBe(ok);
    expect(reportSchema.parse(report)).toEqual(report);
  });
});

it('writes no more of an error than its words', () => {
  const error = errorJson(Object.assign(new Error('it broke'), { code: 'internal', hint: 'report it', details: ['d'] }));
  expect(errorSchema.parse(error)).toEqual(error);
  expect(Object.keys(error.error)).toEqual(['code', 'message', 'hint', 'details']);
});

it('lists machines and artifacts', () => {
  const labs = labListJson([{ lab: 'demo', name: 'cp-1', address: '10.77.0.11', pid: null, state: 'stopped' }]);
  expect(labListSchema.parse(labs)).toEqual(labs);
  const artifacts = artifactListJson([{ name: 'kubeadm', version: '1.36.3', state: 'missing' }]);
  expect(artifactListSchema.parse(artifacts)).toEqual(artifacts);
});

it.each([
  ['Plan', planSchema],
  ['Event', eventSchema],
  ['Report', reportSchema],
  ['Rule', ruleSchema],
  ['Error', errorSchema],
  ['LabList', labListSchema],
  ['ArtifactList', artifactListSchema],
])('%s can be said as JSON Schema', (kind, schema) => {
  expect(JSON.stringify(z.toJSONSchema(schema))).toContain(`"const":"${kind}"`);
});
