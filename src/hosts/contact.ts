import { randomBytes } from 'node:crypto';
import { AppError } from '../errors/app-error.ts';
import { pollUntil } from '../util/poll.ts';
import type { AnswerPart } from './answer-parser.ts';
import { AnswerParser } from './answer-parser.ts';
import type { Frame } from './frame.ts';
import { encodeFrame } from './frame.ts';
import type { SshLink } from './ssh-link.ts';
import { throwIfInterrupted } from './ssh-link.ts';
import type { SshSession } from './ssh-session.ts';

const RECONNECT_EVERY_MS = 500;

/** Makes the frame of a request, given the nonce that marks its answer. */
export type Request = (nonce: string) => Frame;

/** A request to which the host has begun to answer. */
export interface Contact extends AsyncDisposable {
  readonly session: SshSession;
  readonly first: AnswerPart;
  /** The parts after the first; ends without `ended` when the connection is lost. */
  readonly parts: AsyncGenerator<AnswerPart>;
}

/** Sends a request over a live connection; `keepInput` when more will be sent than the frame. */
export interface Exchange {
  readonly link: SshLink;
  readonly request: Request;
  readonly signal: AbortSignal;
  readonly keepInput?: boolean;
}

/**
 * The host's first word, or, as a value, why the connection was lost before it. Throws when there is no connection to be
 * had, or when the host cannot carry out requests at all.
 */
async function contact(exchange: Exchange): Promise<Contact | AppError> {
  const { link, signal } = exchange;
  const nonce = newNonce();
  const session = await link.open(encodeFrame(exchange.request(nonce)), signal);
  if (!exchange.keepInput) session.endInput();
  const parts = parse(session, nonce);
  const first = await parts.next();
  if (!first.done) return { session, first: first.value, parts, [Symbol.asyncDispose]: () => session[Symbol.asyncDispose]() };
  await using _ended = session;
  const failure = await session.failure();
  throwIfInterrupted(link.target, signal);
  if (failure.retry === 'never') throw failure;
  return failure;
}

/** Like `contact`, but a connection lost before the host's first word is made anew, once. */
export async function contactSurely(exchange: Exchange): Promise<Contact> {
  const first = await contact(exchange);
  if (!(first instanceof AppError)) return first;
  const second = await contact(exchange);
  if (second instanceof AppError) throw second;
  return second;
}

/** Tries until the host answers again. Throws its last failure when it has not within `deadlineMs`. */
export async function contactAgain(exchange: Exchange, deadlineMs: number): Promise<Contact> {
  let last: AppError | undefined;
  const once = async (): Promise<Contact | undefined> => {
    const answer = await contact(exchange).catch(passing);
    if (!(answer instanceof AppError)) return answer;
    last = answer;
    return undefined;
  };
  try {
    return await pollUntil(once, { what: `${exchange.link.target.name} to answer again`, deadlineMs, everyMs: RECONNECT_EVERY_MS, signal: exchange.signal });
  } catch (error) {
    throw error instanceof AppError && error.code === 'gate-closed' && last ? last : error;
  }
}

/** A nonce: nothing that runs on a host can know it before. */
export function newNonce(): string {
  return randomBytes(12).toString('hex');
}

function passing(error: unknown): AppError {
  if (error instanceof AppError && error.code === 'host-unreachable' && error.retry === 'safe') return error;
  throw error;
}

async function* parse(session: SshSession, nonce: string): AsyncGenerator<AnswerPart> {
  const parser = new AnswerParser(nonce);
  for await (const chunk of session.output()) yield* parser.push(chunk);
}
