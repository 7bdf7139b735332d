import { constants } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import { addAbortSignal } from 'node:stream';
import { AppError } from '../errors/app-error.ts';
import { pollUntil } from '../util/poll.ts';

const CHUNK_BYTES = 64 * 1024;
const PIPE_EVERY_MS = 20;
/** Of a pipe: whoever writes it does so in this time, or never will. */
const PIPE_DEADLINE_MS = 30_000;

/** A file of bounded size as text, or why it is not taken. */
export type BoundedRead = { readonly text: string } | { readonly refused: string };

export interface ReadLimits {
  readonly limitBytes: number;
  readonly signal: AbortSignal;
  readonly pipeDeadlineMs?: number;
}

/**
 * Reads a regular file up to its limit, or what a pipe (`<(...)` of a shell) brings. Nothing is opened or read in a way that waits inside the kernel: a process that does hears no
 * signal. A directory or a device is not read at all.
 */
export async function readBoundedFile(path: string, limits: ReadLimits): Promise<BoundedRead> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stats = await file.stat();
    if (stats.isDirectory()) return { refused: 'it is a directory' };
    if (stats.isFIFO()) return await readPipe(file, limits);
    return stats.isFile() ? await readRegular(file, limits) : { refused: 'it is a device, no file' };
  } finally {
    await file.close();
  }
}

/** What comes by standard input, however long that takes; of a terminal nothing is awaited. */
export async function readStandardInput({ limitBytes, signal }: ReadLimits): Promise<BoundedRead> {
  const { stdin } = process;
  if (stdin.isTTY) return { refused: 'standard input is a terminal' };
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of addAbortSignal(signal, stdin) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limitBytes) return { refused: `it has more than ${limitBytes} bytes` };
    chunks.push(chunk);
  }
  return { text: Buffer.concat(chunks).toString('utf8') };
}

/** Whatever its size says: that of a file in `/proc` says 0. */
async function readRegular(file: FileHandle, { limitBytes, signal }: ReadLimits): Promise<BoundedRead> {
  const read = new Collected(limitBytes);
  for (;;) {
    signal.throwIfAborted();
    if ((await read.more(file)) === 'end') return read.result();
  }
}

/** A pipe without a writer reads as ended: its end counts once something has come. */
async function readPipe(file: FileHandle, { limitBytes, signal, pipeDeadlineMs: deadlineMs = PIPE_DEADLINE_MS }: ReadLimits): Promise<BoundedRead> {
  const read = new Collected(limitBytes);
  const toItsEnd = async (): Promise<true | undefined> => {
    let got = await read.more(file);
    while (got === 'some') got = await read.more(file);
    return got === 'end' && read.hasAny ? true : undefined;
  };
  try {
    await pollUntil(toItsEnd, { what: 'the pipe to be written', deadlineMs, everyMs: PIPE_EVERY_MS, signal });
    return read.result();
  } catch (error) {
    if (error instanceof AppError && error.code === 'gate-closed') return { refused: `it is a pipe, and was not written to its end within ${deadlineMs / 1000} s` };
    throw error;
  }
}

/** What was read so far; not more than a chunk beyond the limit. */
class Collected {
  readonly #limitBytes: number;
  readonly #chunks: Buffer[] = [];
  #length = 0;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  get hasAny(): boolean {
    return this.#length > 0;
  }

  async more(file: FileHandle): Promise<'some' | 'none yet' | 'end'> {
    const chunk = Buffer.alloc(CHUNK_BYTES);
    const count = await file.read(chunk, 0, CHUNK_BYTES, null).then(({ bytesRead }) => bytesRead, noneYet);
    if (count === undefined) return 'none yet';
    this.#chunks.push(chunk.subarray(0, count));
    this.#length += count;
    return count === 0 || this.#length > this.#limitBytes ? 'end' : 'some';
  }

  result(): BoundedRead {
    if (this.#length > this.#limitBytes) return { refused: `it has more than ${this.#limitBytes} bytes` };
    return { text: Buffer.concat(this.#chunks).toString('utf8') };
  }
}

function noneYet(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'EAGAIN') throw error;
}
