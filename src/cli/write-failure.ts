import { errorJson } from '../contract/error.ts';
import type { AppError } from '../errors/app-error.ts';
import { renderError } from '../render/error.ts';
import type { Terminal } from './terminal.ts';

/** An error for people on stderr, or as the command's JSON value on stdout. */
export function writeFailure(error: AppError, { format, stdout, stderr, errorPaint }: Terminal): void {
  const json = errorJson(error);
  if (format === 'json') stdout.write(`${JSON.stringify(json)}\n`);
  else stderr.write(renderError(json, errorPaint));
}
