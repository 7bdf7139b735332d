import { AppError } from '../errors/app-error.ts';
import type { RunFact } from '../facts/host-facts.ts';
import type { RunEvent, RunRequest } from '../hosts/host.ts';
import { ChannelOf } from '../util/channel.ts';

/** Thrown within a script whose machine, or whose connection, is gone: it ends where it was. */
export class JobDied extends Error {}

/** A step's script at work on a machine, and those who follow it. */
export class SimJob {
  readonly request: RunRequest;
  readonly #events: RunEvent[] = [];
  readonly #followers = new Set<ChannelOf<RunEvent>>();
  #exitCode: number | undefined;
  #isDead = false;

  constructor(request: RunRequest) {
    this.request = request;
  }

  get isRunning(): boolean {
    return this.#exitCode === undefined && !this.#isDead;
  }

  fact(): RunFact {
    const { fence, stepId } = this.request;
    const state = this.isRunning ? 'running' : this.#isDead ? 'lost' : 'ended';
    return { runId: fence.runId, stepId, token: fence.token, state, ...(this.#exitCode !== undefined && { exitCode: this.#exitCode }) };
  }

  emit(event: RunEvent): void {
    this.#events.push(event);
    for (const follower of this.#followers) follower.push(event);
  }

  end(exitCode: number): void {
    this.#exitCode = exitCode;
    this.emit({ type: 'exited', exitCode });
    for (const follower of this.#followers) follower.end();
  }

  /** What it has not done is not done any more. */
  die(): void {
    if (!this.isRunning) return;
    this.#isDead = true;
    for (const follower of this.#followers) follower.fail(new AppError('host-unreachable', `the connection was lost during ${this.request.stepId}`));
  }

  /** Everything that it says, from its first line; ends with it. */
  follow(): ChannelOf<RunEvent> {
    const channel = new ChannelOf<RunEvent>();
    for (const event of this.#events) channel.push(event);
    if (this.isRunning) this.#followers.add(channel);
    else channel.end();
    return channel;
  }
}
