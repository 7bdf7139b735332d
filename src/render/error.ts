import type { ErrorJson } from '../contract/error.ts';
import type { Paint } from './paint.ts';
import { harmless } from './paint.ts';

/** An error for people: what, its code, the details as they are, and what to do next. Ends with a newline. */
export function renderError({ error }: ErrorJson, paint: Paint): string {
  const details = error.details.flatMap((detail) => detail.split('\n')).map((line) => `  ${harmless(line)}`.trimEnd());
  const what = `${paint.red(paint.bold('error:'))} ${harmless(error.message)} ${paint.dim(`[${error.code}]`)}`;
  return `${[what, ...details, `${paint.bold('next:')} ${harmless(error.hint)}`].join('\n')}\n`;
}
