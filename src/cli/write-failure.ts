import { errorJson } from '../contract/error.ts';
import { reportSchema } from '../contract/report.ts';
import type { AppError } from '../errors/app-error.ts';
import { renderError } from '../render/error.ts';
import { renderReport } from '../render/findings.ts';
import type { Terminal } from './terminal.ts';

/** An error for people on stderr, or as the command's JSON value on stdout; of one with a report, the report is the value, and stands before it for people. */
export function writeFailure(error: AppError, { format, stdout, stderr, errorPaint }: Terminal): void {
  const json = errorJson(error);
  const report = error.answer === undefined ? undefined : reportSchema.parse(error.answer);
  if (format === 'json') stdout.write(`${JSON.stringify(report ?? json)}\n`);
  else stderr.write(`${report === undefined ? '' : `${renderReport(report, errorPaint)}\n`}${renderError(json, errorPaint)}`);
}
