import { z } from 'zod';

export const API_VERSION = 'kubewright.dev/v1alpha1';

/** What every value of the stable JSON begins with. */
export function headerOf<const K extends string>(kind: K): { readonly apiVersion: z.ZodLiteral<typeof API_VERSION>; readonly kind: z.ZodLiteral<K> } {
  return { apiVersion: z.literal(API_VERSION), kind: z.literal(kind) };
}
