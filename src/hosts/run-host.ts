import { AppError } from '../errors/app-error.ts';
import type { Contact, Exchange } from './contact.ts';
import { contactAgain, contactSurely } from './contact.ts';
import type { RunEvent } from './host.ts';
import { hungError } from './patience.ts';
import { RunEventParser } from './run-event-parser.ts';
import type { RunEnd } from './run-outcome.ts';
import { runEnd } from './run-outcome.ts';
import type { Frame } from './frame.ts';
import type { SshLink } from './ssh-link.ts';

/** A script to run or to follow on one host. */
export interface Job {
  readonly link: SshLink;
  readonly stepId: string;
  /** What starts it; undefined when it is only followed. */
  readonly start: ((nonce: string, offset: number) => Frame) | undefined;
  /** What takes it up again at a byte of its output; undefined when it dies with the connection. */
  readonly follow: ((nonce: string, offset: number) => Frame) | undefined;
  /** How long a lost connection is sought again. */
  readonly reconnectMs: number;
  /** How long the host may take over it before it counts as hung: longer than its own deadline. Of a run that another process began only the host knows the deadline. */
  readonly hungMs?: number;
}

/** Runs the job and gives its events. Throws `host-unreachable` where a host that keeps the connection up does not end it in time. */
export async function* runJob(job: Job, signal: AbortSignal): AsyncGenerator<RunEvent> {
  if (job.hungMs === undefined) {
    yield* runToEnd(job, signal);
    return;
  }
  const late = AbortSignal.timeout(job.hungMs);
  try {
    yield* runToEnd(job, AbortSignal.any([signal, late]));
  } catch (error) {
    if (!late.aborted || signal.aborted) throw error;
    throw hungError(job.link.target, `did not end ${job.stepId} within ${job.hungMs / 1000} s, though it should have ended it itself`);
  }
}

/** A lost connection is taken up again at the byte it ended with. */
async function* runToEnd(job: Job, signal: AbortSignal): AsyncGenerator<RunEvent> {
  const events = new RunEventParser();
  let answering = await contactSurely(exchange(job, job.start ?? job.follow, 0, signal));
  for (;;) {
    const outcome = yield* eventsOf(answering, events);
    if (signal.aborted) throw interrupted(job);
    if (outcome) {
      const end = yield* finish(job, answering, outcome, events);
      if (end) return;
    }
    if (!job.follow) throw await answering.session.failure();
    answering = await contactAgain(exchange(job, job.follow, events.seenBytes, signal), job.reconnectMs);
  }
}

type Ended = { readonly outcome: string; readonly rest: Buffer };

/** Events until the trailer; undefined when the connection is lost. The session is ended in any case. */
async function* eventsOf(answering: Contact, events: RunEventParser): AsyncGenerator<RunEvent, Ended | undefined> {
  await using contact = answering;
  if (contact.first.type === 'ended') return contact.first;
  if (contact.first.type === 'begun') events.begin(contact.first.note);
  for await (const part of contact.parts) {
    if (part.type === 'ended') return part;
    if (part.type === 'lines') yield* events.lines(part.bytes);
  }
  return undefined;
}

/** The last events, or undefined when the host has more output than came. */
async function* finish(job: Job, { session }: Contact, ended: Ended, events: RunEventParser): AsyncGenerator<RunEvent, RunEnd | undefined> {
  const end = runEnd(ended.outcome, { host: job.link.target.name, stepId: job.stepId }, await session.remarks());
  if (end.sizeBytes !== undefined && events.seenBytes + ended.rest.length < end.sizeBytes) return undefined;
  yield* events.rest(ended.rest);
  yield { type: 'exited', exitCode: end.exitCode };
  return end;
}

function exchange(job: Job, frame: Job['start'], offset: number, signal: AbortSignal): Exchange {
  if (!frame) throw new Error(`nothing to run for ${job.stepId}`);
  return { link: job.link, signal, request: (nonce) => frame(nonce, offset) };
}

function interrupted(job: Job): AppError {
  const fate = job.follow ? 'its script goes on there and is found by the next run' : 'its script may be run again';
  return new AppError('interrupted', `stopped following ${job.stepId} on ${job.link.target.name}: ${fate}`, { retry: 'safe' });
}
