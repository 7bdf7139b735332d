import type { ErrorCode } from './codes.ts';
import { errorCodes } from './codes.ts';

/** What a failed run may do: `never` needs a change by a person, `safe` may simply be run again. */
export type Retry = 'never' | 'safe';

export interface AppErrorOptions {
  /** What to do next, imperative, one line. */
  readonly hint?: string;
  readonly retry?: Retry;
  /** Further lines for a person: remote output (trimmed, redacted), all problems of a file. */
  readonly details?: readonly string[];
  /** A value of the contract that the command gives in place of the error: the report of a preflight that refused. */
  readonly answer?: object;
  readonly cause?: unknown;
}

/** The one error that reaches people: a registered code, one lower-case line, and what to do next. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly hint: string;
  readonly retry: Retry;
  readonly details: readonly string[];
  readonly answer: object | undefined;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.hint = options.hint ?? errorCodes[code].hint;
    this.retry = options.retry ?? 'never';
    this.details = options.details ?? [];
    this.answer = options.answer;
  }

  /** Process exit code of a command that ends with this error (design, section 13). */
  get exitCode(): number {
    return errorCodes[this.code].exitCode;
  }
}
