import { expect, it } from 'vitest';
import { parseLock } from './parse-lock.ts';

const holder = { runId: 'r1', token: 4, owner: 'ops@desk pid 7', since: '2026-01-01T00:00:00Z', expires: '2026-01-01T00:00:30Z' };
const file = (until: number): string => JSON.stringify({ token: 4, runId: 'r1', until, holder });

it.each([
  ['held', 131, true],
  ['expired', 130, false],
  ['given back', 0, false],
])('is %s', (_what, until, isHeld) => expect(parseLock(`${file(until)}\n130\n`)).toEqual({ ...holder, isHeld }));

it('may never have been taken', () => expect(parseLock('')).toBeUndefined());

it.each(['{', 'null', '{"token":4}', '130\n'])('is none as %j', (text) => expect(parseLock(text)).toBeUndefined());
