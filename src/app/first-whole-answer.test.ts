import { describe, expect, it } from 'vitest';
import type { ClusterFacts } from '../facts/cluster-facts.ts';
import { known, unknown } from '../plan/fact.ts';
import type { Fact } from '../plan/fact.ts';
import { laneId } from '../plan/plan.ts';
import type { LaneId } from '../plan/plan.ts';
import { firstWholeAnswer } from './first-whole-answer.ts';

type View = Pick<ClusterFacts, 'etcdMembers'> & { readonly via: string };

const lanes = ['cp-1', 'cp-2', 'cp-3'].map((name) => laneId(name));
const whole = (via: string): Fact<View> => known({ via, etcdMembers: known([]) });
const SOON_MS = 10;

/** What is not answered before the others have been asked. */
function afterAll(count: number): (lane: LaneId) => Promise<void> {
  let asked = 0;
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return async () => {
    asked += 1;
    if (asked === count) open();
    await opened;
  };
}

describe('with a head start', () => {
  it('the next one is asked beside one that hangs, which is told when there is an answer', async () => {
    let told: AbortSignal | undefined;
    const answer = await firstWholeAnswer<View>(
      lanes,
      (lane, enough) => {
        if (lane !== 'cp-1') return Promise.resolve(whole(lane));
        told = enough;
        return new Promise((_, reject) => enough.addEventListener('abort', () => reject(enough.reason as Error)));
      },
      SOON_MS,
    );
    expect(answer).toMatchObject({ state: 'known', value: { via: 'cp-2' } });
    expect(told?.aborted).toBe(true);
  });

  it('several that hang are waited for together, and each is named in its order', async () => {
    const wait = afterAll(lanes.length);
    const answer = await firstWholeAnswer<View>(lanes, async (lane) => wait(lane).then(() => unknown(`${lane} gave none`)), SOON_MS);
    expect(answer).toEqual({ state: 'unknown', why: 'no control plane answered: cp-1 gave none; cp-2 gave none; cp-3 gave none' });
  });

  it('a late whole answer of the first is taken when the others have none', async () => {
    const wait = afterAll(lanes.length);
    const late = async (lane: LaneId): Promise<Fact<View>> => wait(lane).then(() => (lane === 'cp-1' ? whole(lane) : unknown('broken')));
    expect(await firstWholeAnswer<View>(lanes, late, SOON_MS)).toMatchObject({ value: { via: 'cp-1' } });
  });

  it('a failure that is no fact is thrown', async () => {
    await expect(firstWholeAnswer<View>(lanes, () => Promise.reject(new TypeError('x')), SOON_MS)).rejects.toThrow(TypeError);
  });
});

it('without one nobody is asked beside another', async () => {
  const asked: string[] = [];
  const answer = await firstWholeAnswer<View>(lanes, async (lane) => {
    asked.push(lane);
    return lane === 'cp-2' ? whole(lane) : unknown('broken');
  });
  expect({ answer, asked }).toMatchObject({ answer: { value: { via: 'cp-2' } }, asked: ['cp-1', 'cp-2'] });
});
