import type { Paint } from './paint.ts';
import { harmless } from './paint.ts';

/** What a plan of repairs leaves to a person. Empty where nothing is left; else ends with a newline. */
export function renderByHand(byHand: readonly { readonly code: string; readonly steps: readonly string[] }[], paint: Paint): string {
  if (byHand.length === 0) return '';
  return `${paint.bold('to be done by hand')}\n${byHand.map(({ code, steps }) => `  ${code}: ${steps.map(harmless).join('; ')}\n`).join('')}`;
}
