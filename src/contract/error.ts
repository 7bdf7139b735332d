import { z } from 'zod';
import { API_VERSION, headerOf } from './header.ts';

/** What a command that failed answers. */
export const errorSchema = z.strictObject({
  ...headerOf('Error'),
  error: z.strictObject({ code: z.string(), message: z.string(), hint: z.string(), details: z.array(z.string()).readonly() }),
});

export type ErrorJson = z.infer<typeof errorSchema>;

/** An error as JSON: its code, words and details alone, never a stack. */
export function errorJson({ code, message, hint, details }: ErrorJson['error']): ErrorJson {
  return { apiVersion: API_VERSION, kind: 'Error', error: { code, message, hint, details } };
}
