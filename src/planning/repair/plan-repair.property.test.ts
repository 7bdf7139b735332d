import fc from 'fast-check';
import type { Arbitrary } from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { AuditSnapshot } from '../../facts/audit/audit-snapshot.ts';
import type { ClusterScoped } from '../../model/scope.ts';
import { canonicalJson } from '../../util/canonical-json.ts';
import type { DeployPlan, DeployStep } from '../step-types.ts';
import { LEAKING, flawed, flaws } from './testing/flaws.ts';
import type { FlawName } from './testing/flaws.ts';
import { afterRepair, findingsOf, repairOf } from './testing/repaired-world.ts';

vi.setConfig({ testTimeout: 120_000 });

const RUNS = { numRuns: 6 };
const NAMES = Object.keys(flaws) as readonly FlawName[];

/** From an audit to a plan: the real planner, or one with a defect. */
type Planner = (audited: AuditSnapshot) => DeployPlan;
const planner: Planner = (audited) => repairOf(audited).plan;

/** A cluster in words: what it is made from reads better than what it is. */
interface Described {
  readonly names: readonly FlawName[];
  readonly controlPlanes: number;
  readonly workers: number;
}

const anyFlawed: Arbitrary<Described> = fc.record({
  names: fc.subarray([...NAMES], { minLength: 1 }),
  controlPlanes: fc.integer({ min: 2, max: 4 }),
  workers: fc.integer({ min: 0, max: 2 }),
});
const auditOf = ({ names, ...counts }: Described): AuditSnapshot => flawed(names, counts);

const mendable = (audited: AuditSnapshot): readonly string[] => findingsOf(audited).flatMap(({ code, remedy }) => (remedy.kind === 'automatic' ? [code] : []));

/** Texts that the plan puts into shared state. */
function sharedTexts({ steps }: DeployPlan): readonly string[] {
  return steps.flatMap(({ actions }) => actions.flatMap(({ action }) => (action.kind === 'config-map-entry' ? [action.text] : [])));
}

const restartsApiServer = ({ actions }: DeployStep): boolean => actions.some(({ action }) => action.kind === 'static-pod' || action.kind === 'serving-names');

/** Every step that comes before one, by what it needs. */
function before({ steps }: DeployPlan, id: string): ReadonlySet<string> {
  const found = new Set<string>();
  const add = (step: string): void => {
    for (const need of steps.find((each) => each.id === step)?.needs ?? []) {
      if (found.has(need.step)) continue;
      found.add(need.step);
      add(need.step);
    }
  };
  add(id);
  return found;
}

const rules = {
  'the plan after its own success is empty, and nothing is left that it could mend': (plan: Planner) =>
    fc.property(anyFlawed, (described) => {
      const audited = auditOf(described);
      const after = afterRepair(audited, plan(audited));
      expect(mendable(audited)).not.toEqual([]);
      expect(mendable(after.audited)).toEqual([]);
      expect(repairOf(after.audited, after.snapshot).plan.steps.map(({ id }) => id)).toEqual([]);
    }),
  "no machine's value is put into shared state": (plan: Planner) =>
    fc.property(anyFlawed, (described) => {
      const audited = auditOf(described);
      const own = audited.machines.flatMap(({ name, address }) => [name, address]).filter((value) => value !== LEAKING.name && value !== LEAKING.address);
      for (const text of sharedTexts(plan(audited))) {
        for (const value of own) expect(text).not.toMatch(new RegExp(String.raw`(?<![\w.])${value.replaceAll('.', String.raw`\.`)}(?![\w.])`));
      }
      const after = afterRepair(audited, plan(audited));
      const texts = after.audited.cluster.state === 'known' ? Object.values(after.audited.cluster.value.configMaps).flatMap((data) => Object.values(data)) : [];
      expect(texts.filter((text) => text.includes(LEAKING.address))).toEqual([]);
    }),
  'the order of machines changes nothing': (plan: Planner) =>
    fc.property(anyFlawed, fc.infiniteStream(fc.nat()), (described, numbers) => {
      const audited = auditOf(described);
      const keyed = audited.machines.map((machine) => ({ machine, key: Number(numbers.next().value) }));
      const shuffled = { ...audited, machines: keyed.sort((a, b) => a.key - b.key).map(({ machine }) => machine) };
      expect(canonicalJson(plan(shuffled).steps)).toBe(canonicalJson(plan(audited).steps));
    }),
  'API servers are touched one at a time': (plan: Planner) =>
    fc.property(anyFlawed, (described) => {
      const made = plan(auditOf(described));
      const touched = made.steps.filter(restartsApiServer).map(({ id }) => id);
      touched.forEach((id, index) => expect([...before(made, id)]).toEqual(expect.arrayContaining(touched.slice(0, index))));
    }),
  'shared state names the endpoint after every machine serves it': (plan: Planner) =>
    fc.property(anyFlawed, (described) => {
      const made = plan(auditOf(described));
      const serving = made.steps.filter(({ id }) => id.endsWith('/serving-certificate') || (/\/(prove-)?endpoint$/.test(id) && !id.startsWith('shared/'))).map(({ id }) => id);
      const led = made.steps.filter((step) => step.id.startsWith('shared/') && step.id.endsWith('endpoint'));
      if (led.length > 0) expect(serving).toEqual(expect.arrayContaining(auditOf(described).machines.map(({ name }) => `${name}/prove-endpoint`)));
      for (const { id } of led) expect([...before(made, id)]).toEqual(expect.arrayContaining(serving));
    }),
};

describe('a plan of repairs', () => {
  it.each(Object.keys(rules) as readonly (keyof typeof rules)[])('%s', (rule) => {
    expect(() => fc.assert(rules[rule](planner) as fc.IPropertyWithHooks<unknown>, RUNS)).not.toThrow();
  });
});

const withSteps =
  (change: (steps: readonly DeployStep[], audited: AuditSnapshot) => readonly DeployStep[]): Planner =>
  (audited) => {
    const plan = planner(audited);
    return { ...plan, steps: change(plan.steps, audited) };
  };

const mutants: readonly (readonly [defect: string, planner: Planner, rule: keyof typeof rules])[] = [
  ['that leaves the last step out', withSteps((steps) => steps.slice(0, -1)), 'the plan after its own success is empty, and nothing is left that it could mend'],
  [
    "that writes the first machine's address into shared state",
    withSteps((steps, { machines }) =>
      steps.map((step) => ({
        ...step,
        actions: step.actions.map((planned) =>
          planned.action.kind === 'config-map-entry'
            ? { ...planned, action: { ...planned.action, text: `${planned.action.text}server: ${machines[1]?.address ?? ''}\n` as ClusterScoped<string> } }
            : planned,
        ),
      })),
    ),
    "no machine's value is put into shared state",
  ],
  [
    'that takes the machines as they come',
    withSteps((steps, { machines }) =>
      [...steps].sort((a, b) => machines.findIndex(({ name }) => a.id.startsWith(name)) - machines.findIndex(({ name }) => b.id.startsWith(name))),
    ),
    'the order of machines changes nothing',
  ],
  ['that waits for no API server', withSteps((steps) => steps.map((step) => (restartsApiServer(step) ? { ...step, needs: [] } : step))), 'API servers are touched one at a time'],
  [
    'that changes shared state at once',
    withSteps((steps) => steps.map((step) => (step.id.startsWith('shared/') ? { ...step, needs: [] } : step))),
    'shared state names the endpoint after every machine serves it',
  ],
];

describe('a planner with a defect is found:', () => {
  it.each(mutants)('one %s', (_defect, mutant, rule) => {
    const { failed } = fc.check(rules[rule](mutant) as fc.IPropertyWithHooks<unknown>, { numRuns: 60, endOnFailure: true });
    expect(failed).toBe(true);
  });
});
