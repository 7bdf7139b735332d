import { describe, expect, it } from 'vitest';
import type { Need, Slot, SlotId } from '../plan/plan.ts';
import { slotId } from '../plan/plan.ts';
import type { RunEvent } from './events.ts';
import type { RunResult } from './run-result.ts';
import { runPlan } from './run-plan.ts';
import type { FakeAction, FakeGate, FakeStep } from './testing/fake-world.ts';
import { FakeWorld, fakeStep } from './testing/fake-world.ts';
import { VirtualClock } from './virtual-clock.ts';

const after = (...steps: string[]): Need[] => steps.map((step) => ({ step, when: 'succeeded' }));
const finishing = (...steps: string[]): Need[] => steps.map((step) => ({ step, when: 'finished' }));
const doing = (action: Partial<FakeAction>): FakeStep['actions'] => [{ role: 'goal', action: { takesMs: 1000, ...action } }];
const failing = doing({ fails: true });
const token: Slot<'text'> = { slot: slotId('token'), type: 'text', secret: true, shown: 'join token' };
const secret = 'abcdef.0123456789abcdef';

interface Trial {
  readonly steps: readonly FakeStep[];
  readonly lanes?: number;
  readonly pools?: Readonly<Record<string, readonly string[]>>;
  readonly abortAtMs?: number;
  readonly hardAtMs?: number;
  readonly lostAtMs?: number;
  readonly slots?: readonly Slot[];
  readonly given?: ReadonlyMap<SlotId, Uint8Array>;
}

interface Outcome {
  readonly world: FakeWorld;
  readonly events: readonly RunEvent[];
  readonly result: RunResult;
}

async function tryRun(trial: Trial): Promise<Outcome> {
  const clock = new VirtualClock();
  const world = new FakeWorld(clock, trial.pools);
  const [soft, hard] = [new AbortController(), new AbortController()];
  const never = new AbortController().signal;
  const abortAt = (atMs: number | undefined, controller: AbortController): void => void (atMs !== undefined && clock.sleep(atMs, never).then(() => controller.abort()));
  abortAt(trial.abortAtMs, soft);
  abortAt(trial.hardAtMs, hard);
  abortAt(trial.lostAtMs, world.lost);
  const events: RunEvent[] = [];
  const deadlineMs = (gate: FakeGate): number => gate.deadlineMs;
  const options = {
    signal: soft.signal,
    hardSignal: hard.signal,
    emit: (event: RunEvent) => void events.push(event),
    limits: { lanes: trial.lanes ?? 10 },
    gateEveryMs: 250,
    deadlineMs,
    slotsOf: () => trial.slots ?? [],
    ...(trial.given !== undefined && { given: trial.given }),
    clock,
  };
  const result = await clock.drive(runPlan({ desired: '', basis: [], steps: trial.steps, texts: {} }, world.ports(), options));
  return { world, events, result };
}

const spans = ({ world }: Outcome): string[] => world.seen.map(({ what, step, lane, atMs }) => `${atMs} ${what} ${step} on ${lane}`);
const types = ({ events }: Outcome, step: string): string[] => events.flatMap((event) => ('step' in event && event.step === step ? [event.type] : []));

describe('order and lanes', () => {
  it('starts what can start at once, one step per lane', async () => {
    const outcome = await tryRun({ steps: [fakeStep('a'), fakeStep('b'), fakeStep('c', { lane: 'n-2', needs: after('a') }), fakeStep('d', { lane: 'n-3' })] });
    expect(spans(outcome)).toMatchInlineSnapshot(`
      [
        "0 began a on n-1",
        "0 began d on n-3",
        "1000 ended a on n-1",
        "1000 began b on n-1",
        "1000 began c on n-2",
        "1000 ended d on n-3",
        "2000 ended b on n-1",
        "2000 ended c on n-2",
      ]
    `);
    expect(outcome.result).toMatchObject({ result: 'succeeded', stepsRun: 4, failed: [], skipped: [], durationMs: 2000 });
    expect(outcome.world.locked).toEqual([['n-1', 'n-2', 'n-3']]);
    expect(outcome.world.released).toBe(1);
  });

  it('runs no more steps at a time than there are lanes allowed', async () => {
    const outcome = await tryRun({ lanes: 1, steps: [fakeStep('a'), fakeStep('b', { lane: 'n-2' })] });
    expect(outcome.result.durationMs).toBe(2000);
  });

  it('spreads steps of a pool over its lanes, and waits where all are busy', async () => {
    const on = { anyOf: 'control-plane' };
    const outcome = await tryRun({ pools: { 'control-plane': ['n-1', 'n-2'] }, steps: [fakeStep('own'), fakeStep('a', { on }), fakeStep('b', { on })] });
    expect(outcome.result).toMatchObject({ result: 'succeeded', stepsRun: 3 });
    expect(outcome.world.seen.filter(({ what }) => what === 'began').map(({ step, lane }) => `${step} on ${lane}`)).toEqual(['own on n-1', 'a on n-2', 'b on n-1']);
  });

  it('fails a step of a pool in which no lane can serve', async () => {
    const outcome = await tryRun({ steps: [fakeStep('a', { on: { anyOf: 'control-plane' } })] });
    expect(outcome.result).toMatchObject({ result: 'failed', stepsRun: 0, failed: [{ step: 'a', error: { code: 'cluster-unreachable' } }] });
  });

  it('takes no lock for an empty plan', async () => {
    const outcome = await tryRun({ steps: [] });
    expect(outcome.world.locked).toEqual([]);
    expect(outcome.events.map(({ seq, type }) => [seq, type])).toEqual([
      [1, 'run.started'],
      [2, 'run.finished'],
    ]);
  });
});

describe('failures', () => {
  const chain = [
    fakeStep('make', { lane: 'n-1' }),
    fakeStep('join', { lane: 'n-2', needs: after('make'), actions: failing }),
    fakeStep('prove', { lane: 'n-2', needs: after('join') }),
    fakeStep('revoke', { lane: 'n-1', needs: [...after('make'), ...finishing('prove')] }),
  ];

  it('skips dependants with the step at the root of it, runs cleaners and all others', async () => {
    const outcome = await tryRun({ steps: [...chain, fakeStep('other', { lane: 'n-3' })] });
    expect(outcome.result).toMatchObject({
      result: 'failed',
      stepsRun: 4,
      failed: [{ step: 'join', lane: 'n-2', error: { code: 'step-failed' } }],
      skipped: [{ step: 'prove', because: 'join failed', failed: 'join' }],
    });
    expect(types(outcome, 'revoke')).toContain('step.finished');
    expect(types(outcome, 'other')).toContain('step.finished');
  });

  it('cleans up only after something that began', async () => {
    const outcome = await tryRun({ steps: [fakeStep('a', { actions: failing }), fakeStep('b', { needs: after('a') }), fakeStep('clean', { needs: finishing('a', 'b') })] });
    expect(types(outcome, 'clean')).toContain('step.finished');
    const before = await tryRun({ steps: [fakeStep('a', { actions: failing }), fakeStep('b', { needs: after('a') }), fakeStep('clean', { needs: finishing('b') })] });
    expect(types(before, 'clean')).toEqual(['step.skipped']);
    const idle = await tryRun({ abortAtMs: 500, steps: [fakeStep('a'), fakeStep('b'), fakeStep('clean', { needs: finishing('b') })] });
    expect(idle.result.skipped.map(({ step }) => step)).toEqual(['b', 'clean']);
  });

  it('fails a step that ends without giving what it provides', async () => {
    const outcome = await tryRun({ steps: [fakeStep('make', { provides: [token.slot] })] });
    expect(outcome.result.failed[0]?.error.message).toBe('step make ended without giving token');
  });
});

describe('gates', () => {
  it('waits, tells why once, and starts when all are open', async () => {
    const outcome = await tryRun({ steps: [fakeStep('a', { gates: [{ opensAtMs: 600, deadlineMs: 5000 }] })] });
    expect(types(outcome, 'a')).toEqual(['step.waiting', 'gate.judged', 'step.started', 'action.started', 'action.finished', 'step.finished']);
    expect(spans(outcome)[0]).toBe('750 began a on n-1');
  });

  it('gives up at the deadline, not before and not after', async () => {
    const outcome = await tryRun({ steps: [fakeStep('a', { gates: [{ opensAtMs: Infinity, deadlineMs: 1100 }] })] });
    expect(outcome.result).toMatchObject({ result: 'failed', stepsRun: 0, durationMs: 1100, failed: [{ error: { code: 'gate-closed', message: 'not yet open (waited 1 s)' } }] });
  });

  it('refuses at once what waiting cannot open', async () => {
    const outcome = await tryRun({ steps: [fakeStep('a', { gates: [{ opensAtMs: 0, deadlineMs: 9000, refuses: true }] })] });
    expect(outcome.result).toMatchObject({ result: 'refused', stepsRun: 0, durationMs: 0, failed: [{ error: { code: 'refused', details: ['2 of 3 members left'] } }] });
  });

  it('takes a step without actions for a proof: its gates are its run', async () => {
    const outcome = await tryRun({ steps: [fakeStep('proof', { actions: [], gates: [{ opensAtMs: 500, deadlineMs: 900 }] })] });
    expect(types(outcome, 'proof')).toEqual(['step.started', 'step.waiting', 'gate.judged', 'step.finished']);
    expect(outcome.result).toMatchObject({ stepsRun: 1, durationMs: 500 });
    expect(outcome.world.seen).toEqual([]);
  });
});

describe('stopping', () => {
  const steps = [
    fakeStep('make'),
    fakeStep('join', { lane: 'n-2', needs: after('make') }),
    fakeStep('next', { lane: 'n-2', needs: after('join') }),
    fakeStep('revoke', { needs: [...after('make'), ...finishing('join', 'next')] }),
  ];

  it('awaits what runs, starts nothing new, but cleans up', async () => {
    const outcome = await tryRun({ steps, abortAtMs: 1500 });
    expect(outcome.result).toMatchObject({ result: 'cancelled', stepsRun: 3, failed: [], skipped: [{ step: 'next', because: 'the run was interrupted' }], durationMs: 3000 });
  });

  it('leaves what runs to its host at the second request', async () => {
    const outcome = await tryRun({ steps, abortAtMs: 1500, hardAtMs: 1600 });
    expect(outcome.result).toMatchObject({ result: 'cancelled', durationMs: 1600, failed: [{ step: 'join', error: { code: 'interrupted' } }] });
    expect(outcome.result.skipped.map(({ step }) => step)).toEqual(['next', 'revoke']);
    expect(outcome.world.released).toBe(1);
  });

  it('starts nothing, not even cleaners, when another run has the lock', async () => {
    const outcome = await tryRun({ steps, lostAtMs: 1500 });
    expect(outcome.result).toMatchObject({ result: 'failed', stepsRun: 2, error: { code: 'locked' }, durationMs: 2000 });
    expect(outcome.result.skipped.map(({ step }) => step)).toEqual(['next', 'revoke']);
  });

  it('stops waiting for a gate', async () => {
    const outcome = await tryRun({ steps: [fakeStep('a', { gates: [{ opensAtMs: Infinity, deadlineMs: 60_000 }] })], abortAtMs: 900 });
    expect(outcome.result).toMatchObject({ result: 'cancelled', durationMs: 900, failed: [], skipped: [{ step: 'a' }] });
  });

  it('has succeeded when a request to stop came too late to matter', async () => {
    const outcome = await tryRun({ steps: [fakeStep('a')], abortAtMs: 500 });
    expect(outcome.result.result).toBe('succeeded');
  });
});

describe('slots', () => {
  const make = fakeStep('make', { provides: [token.slot], actions: doing({ provides: { token: secret } }) });
  const leak = (fails: boolean): FakeStep =>
    fakeStep('leak', {
      needs: after('make'),
      actions: doing({ fails, says: (outputs) => [`token ${Buffer.from(outputs.bytes(token)).toString()}`, `base64 ${Buffer.from(`x${secret}y`).toString('base64')}`] }),
    });

  it('gives values to later steps, redacts them everywhere, and zeroes them', async () => {
    const outcome = await tryRun({ steps: [make, leak(true)], slots: [token] });
    expect(outcome.events.flatMap((event) => (event.type === 'action.output' ? [event.line] : []))).toMatchInlineSnapshot(`
      [
        "token [redacted]",
        "base64 eG[redacted]eQ==",
      ]
    `);
    expect(JSON.stringify([outcome.events, outcome.result])).not.toContain(secret);
    expect(outcome.result.failed[0]?.error.details[0]).toBe('token [redacted]');
    expect(outcome.world.provided.every((bytes) => bytes.every((byte) => byte === 0))).toBe(true);
  });

  it('never zeroes what a step that was left may still be sending', async () => {
    const outcome = await tryRun({ steps: [make, leak(false)], slots: [token], abortAtMs: 1500, hardAtMs: 1600 });
    expect(outcome.world.provided.map((bytes) => Buffer.from(bytes).toString())).toEqual([secret]);
  });

  it('hands on, redacts and zeroes what the run brings along, before any step has ended', async () => {
    const bytes = new TextEncoder().encode(secret);
    const outcome = await tryRun({ steps: [{ ...leak(false), needs: [] }], slots: [token], given: new Map([[token.slot, bytes]]) });
    expect(outcome.events.flatMap((event) => (event.type === 'action.output' ? [event.line] : []))[0]).toBe('token [redacted]');
    expect(JSON.stringify([outcome.events, outcome.result])).not.toContain(secret);
    expect(bytes.every((byte) => byte === 0)).toBe(true);
  });

  it('shows what the plan says is public', async () => {
    const outcome = await tryRun({ steps: [make, leak(false)], slots: [{ ...token, secret: false }] });
    expect(JSON.stringify(outcome.events)).toContain(secret);
  });

  it('takes a slot of which the plan says nothing for secret', async () => {
    const outcome = await tryRun({ steps: [make, leak(false)] });
    expect(JSON.stringify(outcome.events)).not.toContain(secret);
  });
});

it('ends with what emit threw, once what runs has ended', async () => {
  const clock = new VirtualClock();
  const world = new FakeWorld(clock);
  const emit = (event: RunEvent): void => {
    if (event.type === 'step.finished') throw new Error('disk full');
  };
  const options = { signal: new AbortController().signal, emit, limits: { lanes: 2 }, gateEveryMs: 250, deadlineMs: () => 0, slotsOf: () => [], clock };
  const plan = {
    desired: '',
    basis: [],
    steps: [fakeStep('a'), fakeStep('b', { lane: 'n-2', actions: doing({ takesMs: 3000 }) }), fakeStep('c', { needs: after('a') })],
    texts: {},
  };
  await expect(clock.drive(runPlan(plan, world.ports(), options))).rejects.toThrow('disk full');
  expect(world.seen.map(({ what, step }) => `${what} ${step}`)).toEqual(['began a', 'began b', 'ended a', 'ended b']);
  expect(world.released).toBe(1);
});
