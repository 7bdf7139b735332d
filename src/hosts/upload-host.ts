import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { AppError } from '../errors/app-error.ts';
import type { Contact, Exchange } from './contact.ts';
import { contactAgain, contactSurely } from './contact.ts';
import type { Blob } from './host.ts';
import type { Patience } from './patience.ts';
import { hungError } from './patience.ts';
import type { SshLink } from './ssh-link.ts';
import { throwIfInterrupted } from './ssh-link.ts';
import type { SshSession } from './ssh-session.ts';
import { StallWatch } from './stall-watch.ts';

const CHUNK_BYTES = 256 * 1024;
/** Sent anew after a part that turned out corrupt. */
const MAX_CORRUPT = 1;
/** Connections lost in a row without a byte gained. */
const MAX_FRUITLESS = 3;
/** For the digest of a whole blob, and for writing it to the disk. */
const STORE_MS = 120_000;

export interface UploadOptions {
  readonly signal: AbortSignal;
  /** Bytes that the host holds by now, the resumed part included. */
  readonly onProgress?: (sentBytes: number) => void;
}

interface Upload extends UploadOptions {
  readonly link: SshLink;
  readonly program: string;
  readonly blob: Blob;
  readonly patience: Patience;
}

/** An upload that is given up when it stalls. */
interface WatchedUpload extends Upload {
  readonly watch: StallWatch;
}

/** Makes the host hold the blob. Throws `artifact-failed` when the local file is not the blob or the host cannot store it, `host-unreachable` when it takes nothing more. */
export async function uploadBlob(upload: Upload): Promise<void> {
  const { blob, link, signal, patience } = upload;
  await checkLocal(blob);
  using watch = new StallWatch(patience.stallMs);
  try {
    await send({ ...upload, watch, signal: AbortSignal.any([signal, watch.signal]) });
  } catch (error) {
    if (!watch.signal.aborted || signal.aborted) throw error;
    throw hungError(link.target, `took nothing more of blob ${blob.sha256.slice(0, 12)} for ${patience.stallMs / 1000} s or longer`);
  }
}

/** Sends until the blob is stored, over as many connections as it needs. */
async function send(upload: WatchedUpload): Promise<void> {
  const { blob, link, signal, watch, patience } = upload;
  const exchange: Exchange = { link, signal, keepInput: true, request: (nonce) => ({ program: upload.program, words: [nonce, blob.sha256, blob.sizeBytes] }) };
  let answering = await contactSurely(exchange);
  let [corrupt, fruitless, reached] = [0, 0, -1];
  for (;;) {
    const { offset, outcome, failure } = await transfer(upload, answering);
    throwIfInterrupted(link.target, signal);
    if (outcome === 'stored' || outcome === 'present') return upload.onProgress?.(blob.sizeBytes);
    if (outcome === 'corrupt') corrupt += 1;
    fruitless = offset > reached ? 0 : fruitless + 1;
    reached = Math.max(reached, offset);
    if (outcome === 'unwritable' || corrupt > MAX_CORRUPT) throw notStored(upload, outcome ?? '', await answering.session.remarks());
    if (failure && (failure.retry === 'never' || fruitless > MAX_FRUITLESS)) throw failure;
    watch.goesOn(patience.reconnectMs);
    answering = await contactAgain(exchange, patience.reconnectMs);
  }
}

interface Transfer {
  readonly offset: number;
  readonly outcome?: string;
  readonly failure?: AppError;
}

async function transfer(upload: WatchedUpload, answering: Contact): Promise<Transfer> {
  await using contact = answering;
  const { first, session } = contact;
  if (first.type === 'ended') return { offset: 0, outcome: first.outcome };
  const offset = first.type === 'begun' ? Number(first.note) : 0;
  await sendFrom(upload, session, offset);
  for await (const part of contact.parts) if (part.type === 'ended') return { offset, outcome: part.outcome };
  return { offset, failure: await session.failure() };
}

async function sendFrom({ blob, signal, watch, onProgress }: WatchedUpload, session: SshSession, offset: number): Promise<void> {
  let sent = offset;
  watch.goesOn();
  for await (const chunk of createReadStream(blob.path, { start: offset, highWaterMark: CHUNK_BYTES }) as AsyncIterable<Buffer>) {
    if (signal.aborted || !session.isOpen) break;
    await session.write(chunk);
    sent += chunk.length;
    watch.goesOn(sent < blob.sizeBytes ? 0 : STORE_MS);
    onProgress?.(sent);
  }
  session.endInput();
}

async function checkLocal(blob: Blob): Promise<void> {
  const { size } = await stat(blob.path).catch((cause: unknown) => {
    throw new AppError('artifact-failed', `${blob.path} cannot be read`, { cause });
  });
  if (size !== blob.sizeBytes) throw new AppError('artifact-failed', `${blob.path} has ${size} bytes, not ${blob.sizeBytes}`);
}

function notStored({ link, blob }: Upload, outcome: string, details: readonly string[]): AppError {
  const why = outcome === 'unwritable' ? 'it could not be written there' : `what arrived does not have the digest: ${blob.path} may have changed`;
  return new AppError('artifact-failed', `${link.target.name} could not store blob ${blob.sha256.slice(0, 12)}: ${why}`, { details, retry: 'safe' });
}
