import fc from 'fast-check';
import { expect, it } from 'vitest';
import { checkPlan } from './check-plan.ts';
import type { Content, Need, Plan, Slot, Step } from './plan.ts';
import { laneId, slotId } from './plan.ts';
import { collectTexts, slotsOfContent, textsOfContent } from './texts.ts';

const token: Slot<'text'> = { slot: slotId('token'), type: 'text', secret: true, shown: 'join token' };
const references = { slotsOf: slotsOfContent, textsOf: textsOfContent };

function step(id: string, fields: Partial<Step<Content, undefined, undefined>> = {}): Step<Content, undefined, undefined> {
  return { id, title: id, why: '', on: { lane: laneId('n') }, needs: [], provides: [], gates: [], effect: undefined, actions: [], ...fields };
}

const after = (when: Need['when'], ...ids: string[]): readonly Need[] => ids.map((id) => ({ step: id, when }));
const using = (content: Content): Step<Content, undefined, undefined>['actions'] => [{ role: 'goal', action: content }];
const problemsOf = (steps: Plan<Content, undefined, undefined>['steps'], texts: Plan<Content, undefined, undefined>['texts'] = {}): string[] =>
  checkPlan({ desired: '', basis: [], steps, texts }, references).map(({ step: id, problem }) => `${id} ${problem}`);

it.each([
  [
    'a well-formed plan',
    [step('use', { needs: after('succeeded', 'mid'), actions: using([token]) }), step('mid', { needs: after('succeeded', 'make') }), step('make', { provides: [token.slot] })],
    [],
  ],
  ['two steps of one id', [step('a'), step('a')], ['a has the id of another step']],
  ['a need of nothing', [step('a', { needs: after('succeeded', 'b') })], ['a needs b, which is no step of the plan']],
  [
    'a cycle, and what waits for it',
    [step('a', { needs: after('succeeded', 'b') }), step('b', { needs: after('finished', 'a') }), step('c', { needs: after('succeeded', 'b') }), step('d')],
    ['a waits for itself through its needs', 'b waits for itself through its needs', 'c waits for itself through its needs'],
  ],
  [
    'a slot of a step that need not have succeeded',
    [step('make', { provides: [token.slot] }), step('use', { needs: after('finished', 'make'), actions: using([token, token]) })],
    ['use uses token, which no step that it needs provides'],
  ],
  ['a slot of its own', [step('a', { provides: [token.slot], actions: using([token]) })], ['a uses token, which no step that it needs provides']],
  ['a slot provided twice', [step('a', { provides: [token.slot] }), step('b', { provides: [token.slot] })], ['b provides token, which a provides too']],
  ['a text that is not there', [step('a', { actions: using([{ text: 'abc' }]) })], ['a refers to text abc, which the plan does not have']],
])('%s', (_words, steps, problems) => {
  expect(problemsOf(steps)).toEqual(problems);
});

it('takes a slot that the run brings along', () => {
  const steps = [step('a', { actions: using([token]) })];
  const given = (...slots: readonly Slot[]) => checkPlan({ desired: '', basis: [], steps, texts: {} }, references, new Set(slots.map(({ slot }) => slot)));
  expect(given(token)).toEqual([]);
  expect(given()).toEqual([{ step: 'a', problem: 'uses token, which no step that it needs provides' }]);
});

it('finds a cycle exactly if there is one', () => {
  const graph = fc.array(fc.array(fc.nat(7), { maxLength: 3 }), { minLength: 8, maxLength: 8 });
  const reaches = (edges: readonly number[][], from: number, to: number, seen = new Set<number>()): boolean =>
    (edges[from] ?? []).some((next) => next === to || (!seen.has(next) && (seen.add(next), reaches(edges, next, to, seen))));
  fc.assert(
    fc.property(graph, (edges) => {
      const problems = problemsOf(edges.map((needs, index) => step(`${index}`, { needs: after('succeeded', ...needs.map(String)) })));
      expect(problems.length > 0).toBe(edges.some((_needs, index) => reaches(edges, index, index)));
    }),
  );
});

it('keeps each text once and joins neighbours', () => {
  const texts = collectTexts();
  const content = texts.contentOf('token: ', token, '\n', 'end\n', '');
  expect(content).toHaveLength(3);
  expect(texts.contentOf('\nend\n')).toEqual(content.slice(2));
  expect(Object.values(texts.all()).sort()).toEqual(['\nend\n', 'token: ']);
  expect(texts.contentOf()).toEqual([]);
});
