import { AppError } from '../errors/app-error.ts';
import type { Contact, Exchange } from './contact.ts';
import { contactSurely } from './contact.ts';
import { throwIfInterrupted } from './ssh-link.ts';

const ANSWER_LIMIT_BYTES = 16 * 1024 * 1024;

export interface Answer {
  readonly output: Buffer;
  readonly outcome: string;
  /** Last lines of standard error. */
  readonly remarks: readonly string[];
}

/** Sends a request that may be sent twice, and gives the whole answer. A connection that is lost meanwhile is made anew, once. */
export async function ask(exchange: Exchange): Promise<Answer> {
  const first = await askOnce(exchange);
  if (!(first instanceof AppError)) return first;
  const second = await askOnce(exchange);
  if (second instanceof AppError) throw second;
  return second;
}

async function askOnce(exchange: Exchange): Promise<Answer | AppError> {
  await using answering = await contactSurely(exchange);
  const answer = await collect(answering, exchange.link.target.name);
  if (answer) return answer;
  throwIfInterrupted(exchange.link.target, exchange.signal);
  const failure = await answering.session.failure();
  if (failure.retry === 'never') throw failure;
  return failure;
}

/** Undefined when the connection is lost before the trailer. */
async function collect({ session, first, parts }: Contact, host: string): Promise<Answer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  if (first.type === 'ended') return { output: first.rest, outcome: first.outcome, remarks: await session.remarks() };
  for await (const part of parts) {
    if (part.type === 'ended') return { output: Buffer.concat([...chunks, part.rest]), outcome: part.outcome, remarks: await session.remarks() };
    if (part.type !== 'lines') continue;
    size += part.bytes.length;
    if (size > ANSWER_LIMIT_BYTES) throw new AppError('remote-failed', `${host} answered with more than ${ANSWER_LIMIT_BYTES} bytes`);
    chunks.push(part.bytes);
  }
  return undefined;
}
