import { z } from 'zod';
import { API_VERSION, headerOf } from './header.ts';

/** What `audit --explain CODE` answers. */
export const ruleSchema = z.strictObject({
  ...headerOf('Rule'),
  code: z.string(),
  severity: z.enum(['error', 'warning', 'notice']).describe('of what the rule mostly finds'),
  grades: z.string().optional().describe('when a finding has another severity'),
  title: z.string(),
  why: z.string().describe('what breaks, and when'),
  fix: z.string().describe('what to do, imperative'),
  isMended: z.boolean().describe('whether audit --fix does it'),
});

export type RuleJson = z.infer<typeof ruleSchema>;

export function ruleJson(rule: Omit<RuleJson, 'apiVersion' | 'kind'>): RuleJson {
  return { apiVersion: API_VERSION, kind: 'Rule', ...rule };
}
