import { describe, expect, it } from 'vitest';
import { AppError } from '../errors/app-error.ts';
import { known } from '../plan/fact.ts';
import { unseenFact, unseenLines, withAdvice } from './unseen-fact.ts';

const { signal } = new AbortController();
const refusal = new AppError('host-unreachable', 'cp-1 (10.88.1.1) refused the login', {
  hint: 'try by hand: ssh root@10.88.1.1 true',
  details: ['Permission denied (publickey).'],
});
const ADVICE = ['Permission denied (publickey).', 'next: try by hand: ssh root@10.88.1.1 true'];

describe('unseenFact', () => {
  it('keeps what ssh said and what to do next', () => {
    const fact = unseenFact(refusal, signal);
    expect(fact).toEqual({ state: 'unreachable', why: refusal.message, advice: ADVICE.join('\n') });
    expect(unseenLines([fact as never])).toEqual([refusal.message, ...ADVICE.map((line) => `  ${line}`)]);
  });

  it('takes another failure for unknown', () => {
    expect(unseenFact(new AppError('remote-failed', 'no shell'), signal)).toEqual({ state: 'unknown', why: 'no shell' });
  });

  it('throws a defect, and anything after a request to stop', () => {
    const defect = new TypeError('x');
    expect(() => unseenFact(defect, signal)).toThrow(defect);
    expect(() => unseenFact(refusal, AbortSignal.abort())).toThrow(refusal);
  });
});

describe('withAdvice', () => {
  const facts = { 'cp-1': unseenFact(refusal, signal), 'cp-2': known(1) };

  it('tells the advice once for each machine, where it is the reason', () => {
    const unknowns = [
      { node: 'cp-1', what: 'its kubelet', why: 'another reason' },
      { node: 'cp-1', what: 'its files', why: refusal.message },
      { node: 'cp-1', what: 'its proxy', why: refusal.message },
      { node: 'cp-2', what: 'its files', why: refusal.message },
      { what: 'the cluster', why: refusal.message },
    ];
    expect(withAdvice(unknowns, facts).map(({ advice }) => advice)).toEqual([undefined, ADVICE, undefined, undefined, undefined]);
  });
});
