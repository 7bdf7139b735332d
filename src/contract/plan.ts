import { z } from 'zod';
import { canonicalJson } from '../util/canonical-json.ts';
import { sha256 } from '../util/sha256.ts';
import { API_VERSION, headerOf } from './header.ts';

const digest = z.string().regex(/^[0-9a-f]{64}$/);
const textPart = z.strictObject({ text: digest.describe('sha256 of the text: a key of `texts`') });

function slotPart<const T extends 'text' | 'bytes'>(type: T) {
  return z.strictObject({ slot: z.string(), type: z.literal(type), secret: z.boolean(), shown: z.string().describe('what people see in its place') });
}

/** Texts and slots joined, or one slot alone: the value of a slot exists only during a run. */
const content = z.union([z.array(z.union([textPart, slotPart('text')])).readonly(), slotPart('bytes')]);

const file = z.strictObject({
  path: z.string(),
  mode: z.string(),
  owner: z.string(),
  content,
  before: z.string().optional().describe('the text that is there now, if it could be read'),
  isNew: z.boolean().optional().describe('whether nothing is there now; absent if that is not known'),
});

const action = z.strictObject({
  kind: z.string(),
  role: z.enum(['goal', 'means']),
  title: z.string(),
  file: file.optional(),
  command: z.string().optional(),
  restarts: z.string().optional().describe('what is started again by it'),
  knownAfter: z.string().optional().describe('what cannot be known before it, and why'),
});

const step = z.strictObject({
  id: z.string(),
  on: z.union([z.strictObject({ lane: z.string() }), z.strictObject({ anyOf: z.string() })]),
  title: z.string(),
  why: z.string(),
  needs: z.array(z.strictObject({ step: z.string(), when: z.enum(['succeeded', 'finished']) })).readonly(),
  gates: z.array(z.string()).readonly().optional().describe('what must hold right before it, in words'),
  effect: z.json(),
  actions: z.array(action).readonly(),
});

const relied = z.strictObject({ fact: z.string(), lane: z.string().optional(), digest, shown: z.string() });

const body = {
  cluster: z.string(),
  desired: z.string().describe('digest of the desired state'),
  basis: z.array(relied).readonly(),
  steps: z.array(step).readonly(),
  texts: z.record(digest, z.string()).readonly(),
};

export const planSchema = z.strictObject({ ...headerOf('Plan'), digest, ...body });

export type PlanJson = z.infer<typeof planSchema>;
export type PlanStepJson = PlanJson['steps'][number];
export type PlanActionJson = PlanStepJson['actions'][number];
export type PlanFileJson = NonNullable<PlanActionJson['file']>;
export type ContentJson = PlanFileJson['content'];

/** Completes a plan with its header and its digest: equal plans have equal digests, whenever they were made. */
export function planJson(plan: Omit<PlanJson, 'apiVersion' | 'kind' | 'digest'>): PlanJson {
  const { cluster, desired, basis, steps, texts } = plan;
  return { apiVersion: API_VERSION, kind: 'Plan', cluster, digest: planDigest(plan), desired, basis, steps, texts };
}

/** The sha256 of the plan's canonical JSON. A plan holds no time, so its digest depends on none. */
export function planDigest(plan: Omit<PlanJson, 'apiVersion' | 'kind' | 'digest'>): string {
  const { cluster, desired, basis, steps, texts } = plan;
  return sha256(canonicalJson({ cluster, desired, basis, steps, texts }));
}
