import type { InsideAnswer, InsideFacts, InsideQuestion } from '../../facts/inside/inside-facts.ts';
import type { Observed } from '../../facts/observed.ts';
import type { Verdict } from '../rule.ts';
import { complainOf, judgeSeen } from '../rule.ts';
import type { VerifyInput } from './verify-input.ts';

/** Answers of a node's probe pod; unknown where it has none that runs. */
function answersOf({ probePods, answers }: InsideFacts, node: string): Observed<readonly InsideAnswer[]> {
  const pod = probePods.find((candidate) => candidate.node === node);
  if (pod === undefined) return { state: 'unknown', why: 'no probe pod was placed there' };
  if (!pod.isReady) return { state: 'unknown', why: `its probe pod ${pod.name} did not become ready` };
  return answers[node] ?? { state: 'unknown', why: `its probe pod ${pod.name} gave no answer` };
}

/** Judges what the probe pod of each node was answered to one kind of question; a node that was asked nothing of the kind is unseen. */
export function judgeInside(input: VerifyInput, asks: readonly InsideQuestion['ask'][], words: (answer: InsideAnswer) => string): readonly Verdict[] {
  const what = 'the cluster as its pods see it';
  return judgeSeen(input.inside, { what: 'the cluster as pods see it' }, (inside) =>
    input.expected.nodes.flatMap(({ name }) =>
      judgeSeen(answersOf(inside, name), { node: name, what }, (answers) => {
        const asked = answers.filter(({ question }) => asks.includes(question.ask));
        const silent = asks.filter((ask) => !asked.some(({ question }) => question.ask === ask));
        return [
          ...complainOf(
            asked.filter(({ isRight }) => !isRight).map((answer) => `${words(answer)}: ${answer.detail}`),
            { node: name },
          ),
          ...silent.map((ask) => ({ node: name, what, why: `its probe pod was not asked: ${ask}` })),
        ];
      }),
    ),
  );
}
