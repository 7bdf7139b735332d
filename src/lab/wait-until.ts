import { AppError } from '../errors/app-error.ts';
import { pollUntil } from '../util/poll.ts';

export interface WaitOptions {
  /** What is awaited, as it stands in a sentence. */
  readonly what: string;
  readonly deadlineMs: number;
  readonly signal?: AbortSignal | undefined;
  /** What a person should see when it did not come true: the end of a console log, what is in the way. */
  readonly details: () => Promise<readonly string[]>;
}

/** Polls until `isTrue`; throws `lab-failed` with the details when the deadline passes, `interrupted` when the signal comes. */
export async function waitUntil(isTrue: () => Promise<boolean>, { what, deadlineMs, signal, details }: WaitOptions): Promise<void> {
  try {
    await pollUntil(async () => ((await isTrue()) ? true : undefined), { what, deadlineMs, ...(signal && { signal }) });
  } catch (cause) {
    if (!(cause instanceof AppError) || cause.code !== 'gate-closed') throw cause;
    throw new AppError('lab-failed', cause.message, { details: await details(), retry: 'safe', cause });
  }
}
