import { z } from 'zod';
import { API_VERSION, headerOf } from './header.ts';

const ofStep = { step: z.string(), title: z.string(), node: z.string().optional() };
const stamp = { seq: z.int().positive(), time: z.iso.datetime() };
const durationMs = z.number().nonnegative();

function event<const T extends string, S extends z.ZodRawShape>(type: T, shape: S) {
  return z.strictObject({ ...headerOf('Event'), ...stamp, type: z.literal(type), ...shape });
}

/** One line of `apply -o json`. */
export const eventSchema = z.discriminatedUnion('type', [
  event('run.started', { runId: z.string().optional(), command: z.string().optional(), steps: z.int().nonnegative() }),
  event('step.waiting', { ...ofStep, why: z.string() }),
  event('gate.judged', { ...ofStep, gate: z.int().nonnegative(), open: z.boolean(), why: z.string().optional(), details: z.array(z.string()).readonly().optional() }),
  event('step.started', ofStep),
  event('action.started', { ...ofStep, action: z.int().nonnegative() }),
  event('action.finished', { ...ofStep, action: z.int().nonnegative() }),
  event('action.output', { ...ofStep, action: z.int().nonnegative(), line: z.string() }),
  event('transfer.progressed', { ...ofStep, sentBytes: z.number(), totalBytes: z.number() }),
  event('step.finished', { ...ofStep, durationMs }),
  event('step.failed', { ...ofStep, code: z.string(), message: z.string(), hint: z.string(), details: z.array(z.string()).readonly() }),
  event('step.skipped', { ...ofStep, because: z.string(), failed: z.string().optional() }),
  event('run.finished', { result: z.enum(['succeeded', 'failed', 'refused', 'cancelled']), stepsRun: z.int().nonnegative(), durationMs }),
]);

export type EventJson = z.infer<typeof eventSchema>;
type WithoutHeader<T> = T extends unknown ? Omit<T, 'apiVersion' | 'kind'> : never;
/** An event as the engine gives it. */
export type EventFields = WithoutHeader<EventJson>;

/** Gives an event of the engine its header. */
export function eventJson(fields: EventFields): EventJson {
  return { apiVersion: API_VERSION, kind: 'Event', ...fields };
}
