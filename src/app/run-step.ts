import { compileActions } from '../actions/compile.ts';
import { DRIFTED_EXIT } from '../actions/kind.ts';
import { inputName } from '../actions/kind.ts';
import type { BlobRef } from '../actions/kind.ts';
import { kindOf } from '../actions/kinds.ts';
import type { Artifact } from '../artifacts/artifact.ts';
import { AppError } from '../errors/app-error.ts';
import type { ActionEvent, Fence, Outputs } from '../engine/ports.ts';
import type { Host, RunRequest } from '../hosts/host.ts';
import type { LaneId, SlotId } from '../plan/plan.ts';
import type { DeployStep } from '../planning/step-types.ts';
import type { PriorityLimiter } from './priority-limiter.ts';
import { ChannelOf } from '../util/channel.ts';

const STEP_DEADLINE_MS = 15 * 60_000;
const DETAIL_LINES = 15;

export interface StepWorld {
  readonly host: Host;
  readonly texts: Readonly<Record<string, string>>;
  readonly artifacts: ReadonlyMap<string, Artifact>;
  /** Uploads of the whole run take turns: they share the operator's line, and what most steps wait for goes first. */
  readonly transfers: PriorityLimiter;
  readonly priority: number;
  /** Name of the cluster, where the plan was made for one. */
  readonly cluster: string | undefined;
}

export interface StepRun {
  readonly outputs: Outputs;
  readonly fence: Fence;
  readonly signal: AbortSignal;
}

/** Runs a step on its host: what it needs is uploaded first, then all its actions are one script and one round trip. Throws `step-failed` or `drifted`. */
export async function* runStepOn(lane: LaneId, step: DeployStep, world: StepWorld, run: StepRun): AsyncGenerator<ActionEvent> {
  const blobs = step.actions.flatMap(({ action }) => kindOf(action).blobs());
  if (blobs.length > 0) yield* uploadAll(blobs, world, run.signal);
  const tail: string[] = [];
  let current = -1;
  for await (const event of world.host.run(requestOf(step, world, run), run.signal)) {
    switch (event.type) {
      case 'action.started':
        current = event.index;
        yield event;
        break;
      case 'action.finished':
        yield event;
        break;
      case 'output':
        tail.push(event.line);
        if (tail.length > DETAIL_LINES) tail.shift();
        yield { type: 'action.output', index: Math.max(0, event.index ?? current), line: event.line };
        break;
      case 'slot.provided':
        yield { type: 'slot.provided', slot: slotOf(step, event.slot), bytes: event.bytes };
        break;
      case 'exited':
        if (event.exitCode !== 0) throw failure(lane, step, { index: current, exitCode: event.exitCode, tail });
    }
  }
}

/** Steps that give secrets run within the connection and keep nothing on the host; all others outlive it. */
function requestOf(step: DeployStep, { texts, cluster }: StepWorld, { outputs, fence }: StepRun): RunRequest {
  const { script, inputs } = compileActions(step.actions, cluster);
  const bytesOf = (input: (typeof inputs)[number]): Uint8Array => ('text' in input ? Buffer.from(texts[input.text] ?? '') : outputs.bytes(input));
  return {
    fence,
    stepId: step.id,
    script,
    inputs: new Map(inputs.map((input) => [inputName(input), bytesOf(input)])),
    mode: step.provides.length > 0 ? 'attached' : 'detached',
    deadlineMs: STEP_DEADLINE_MS,
  };
}

/** The host knows a slot by the name of its input file. */
function slotOf(step: DeployStep, name: string): SlotId {
  const found = step.provides.find((slot) => slot.replaceAll('/', '_') === name);
  if (found === undefined) throw new AppError('internal', `step ${step.id} gave ${name}, which it does not provide`);
  return found;
}

async function* uploadAll(blobs: readonly BlobRef[], { host, artifacts, transfers, priority }: StepWorld, signal: AbortSignal): AsyncGenerator<ActionEvent> {
  const wanted = [...new Map(blobs.map((blob) => [blob.sha256, blob] as const)).values()];
  const totalBytes = wanted.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const sent = new Map<string, number>();
  const channel = new ChannelOf<ActionEvent>();
  const told = (blob: BlobRef, sentBytes: number): void => {
    sent.set(blob.sha256, sentBytes);
    channel.push({ type: 'transfer.progressed', sentBytes: [...sent.values()].reduce((sum, bytes) => sum + bytes, 0), totalBytes });
  };
  const uploads = Promise.all(
    wanted.map(async (blob) => {
      const artifact = artifacts.get(blob.artifact);
      if (artifact === undefined) throw new AppError('internal', `artifact ${blob.artifact} is not at hand`);
      await transfers.run(priority, () =>
        host.upload({ sha256: blob.sha256, sizeBytes: blob.sizeBytes, path: artifact.path }, { signal, onProgress: (bytes) => told(blob, bytes) }),
      );
      told(blob, blob.sizeBytes);
    }),
  );
  uploads.then(
    () => channel.end(),
    (error: unknown) => channel.fail(error),
  );
  yield* channel;
}

function failure(lane: LaneId, step: DeployStep, { index, exitCode, tail }: { readonly index: number; readonly exitCode: number; readonly tail: readonly string[] }): AppError {
  const planned = step.actions[index];
  const what = planned === undefined ? 'its script' : kindOf(planned.action).words();
  if (exitCode === DRIFTED_EXIT) return new AppError('drifted', `${lane}: ${tail.at(-1) ?? what}: changed since the plan was made; it was left as it is`, { retry: 'safe' });
  return new AppError('step-failed', `${what}: exit code ${exitCode} on ${lane}`, {
    retry: 'safe',
    details: tail,
    hint: `look at ${lane}, mend the cause, then run the command again: it goes on from what is there`,
  });
}
