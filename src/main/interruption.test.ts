import { expect, it } from 'vitest';
import { listenForInterruption } from './interruption.ts';

type Signal = 'SIGINT' | 'SIGTERM';

function signals(): { readonly send: (signal: Signal) => void; readonly exits: number[]; readonly state: () => readonly unknown[] } {
  const listeners = new Map<Signal, () => void>();
  const exits: number[] = [];
  const interruption = listenForInterruption({ on: (signal, listener) => listeners.set(signal, listener), exit: (code) => exits.push(code) });
  return { send: (signal) => listeners.get(signal)?.(), exits, state: () => [interruption.signal.aborted, interruption.hardSignal.aborted, interruption.exitCode()] };
}

it('stops softly, then hard, then at once', () => {
  const { send, exits, state } = signals();
  expect(state()).toEqual([false, false, undefined]);
  send('SIGINT');
  expect(state()).toEqual([true, false, 130]);
  send('SIGINT');
  expect(state()).toEqual([true, true, 130]);
  expect(exits).toEqual([]);
  send('SIGINT');
  expect(exits).toEqual([130]);
});

it('takes SIGTERM for both requests', () => {
  const { send, exits, state } = signals();
  send('SIGTERM');
  expect(state()).toEqual([true, true, 143]);
  expect(exits).toEqual([]);
});

it('keeps the code of the first signal', () => {
  const { send, state } = signals();
  send('SIGINT');
  send('SIGTERM');
  expect(state()).toEqual([true, true, 130]);
});
