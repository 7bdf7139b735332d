import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { StallWatch } from '../../hosts/stall-watch.ts';
import { AppError } from '../../errors/app-error.ts';

export interface DownloadOptions {
  readonly signal: AbortSignal;
  readonly headers?: Readonly<Record<string, string>>;
  /** Answers besides 200 that are for the caller. */
  readonly expect?: readonly number[];
}

/** Between two pieces of an answer; a server that says nothing so long is given up. */
const SILENCE_MS = 60_000;
/** Of lists of digests and manifests. */
const MAX_TEXT_BYTES = 4 * 1024 * 1024;

/** Fetches a small text. Throws `artifact-failed` with the address. */
export async function fetchText(url: string, options: DownloadOptions): Promise<{ readonly text: string; readonly response: Response }> {
  using watch = new StallWatch(SILENCE_MS);
  try {
    const response = await request(url, options, AbortSignal.any([options.signal, watch.signal]));
    let text = '';
    const decoder = new TextDecoder();
    for await (const chunk of bodyOf(response)) {
      watch.goesOn();
      text += decoder.decode(chunk, { stream: true });
      if (text.length > MAX_TEXT_BYTES) throw new AppError('artifact-failed', `${url} answered with more than ${MAX_TEXT_BYTES} bytes where a few lines belong`);
    }
    return { text: text + decoder.decode(), response };
  } catch (cause) {
    throw translated(url, watch.signal.aborted ? new Error(`nothing came for ${SILENCE_MS / 1000} s`) : cause, options.signal);
  }
}

/** Fetches a file of a known sha256. One that differs is deleted and told with both digests. Throws `artifact-failed`. */
export async function download(url: string, to: { readonly path: string; readonly sha256: string }, options: DownloadOptions): Promise<void> {
  using watch = new StallWatch(SILENCE_MS);
  const signal = AbortSignal.any([options.signal, watch.signal]);
  const hash = createHash('sha256');
  try {
    const response = await request(url, options, signal);
    const counted = async function* (source: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
      for await (const chunk of source) {
        watch.goesOn();
        hash.update(chunk);
        yield chunk;
      }
    };
    await pipeline(bodyOf(response), counted, createWriteStream(to.path), { signal });
  } catch (cause) {
    throw translated(url, watch.signal.aborted ? new Error(`nothing came for ${SILENCE_MS / 1000} s`) : cause, options.signal);
  }
  const found = hash.digest('hex');
  if (found === to.sha256) return;
  await rm(to.path, { force: true });
  throw new AppError('artifact-failed', `${url} has sha256 ${found}, and ${to.sha256} is published for it; what came was deleted`, {
    hint: 'run the command again; if it stays so, something between here and the publisher changes what passes, or the release was changed after it was published',
    retry: 'safe',
  });
}

async function request(url: string, { headers = {}, expect = [] }: DownloadOptions, signal: AbortSignal): Promise<Response> {
  const response = await fetch(url, { headers, signal });
  if (response.status === 200 || expect.includes(response.status)) return response;
  await response.body?.cancel();
  throw new AppError('artifact-failed', `${url} answered with status ${response.status}`, { hint: hintOf(response.status), retry: 'safe' });
}

async function* bodyOf({ body }: Response): AsyncIterable<Uint8Array> {
  if (body !== null) yield* body as unknown as AsyncIterable<Uint8Array>;
}

function hintOf(status: number): string {
  if (status === 404) return 'upstream has not published this version there: take another source with --source';
  return 'run the command again in a while, or take another source with --source';
}

/** What `fetch` throws says little itself: the reason is its cause. */
function translated(url: string, cause: unknown, signal: AbortSignal): unknown {
  if (cause instanceof AppError) return cause;
  if (signal.aborted) return new AppError('interrupted', `the download of ${url} was interrupted`, { cause });
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  return new AppError('artifact-failed', `${url} could not be fetched: ${inner instanceof Error ? inner.message : String(inner)}`, {
    hint: 'see that this machine reaches it, or take another source with --source',
    retry: 'safe',
    cause,
  });
}
