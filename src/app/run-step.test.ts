import { describe, expect, it } from 'vitest';
import type { Artifact } from '../artifacts/artifact.ts';
import { AppError } from '../errors/app-error.ts';
import type { ActionEvent } from '../engine/ports.ts';
import { SlotStore } from '../engine/outputs.ts';
import type { Blob, Host, RunEvent, RunRequest } from '../hosts/host.ts';
import type { Action } from '../actions/action.ts';
import type { Slot } from '../plan/plan.ts';
import { laneId, slotId } from '../plan/plan.ts';
import { NO_EFFECT, goal, means } from '../planning/step-types.ts';
import type { DeployStep } from '../planning/step-types.ts';
import { sha256 } from '../util/sha256.ts';
import { PriorityLimiter } from './priority-limiter.ts';
import { runStepOn } from './run-step.ts';
import { readingHost } from './testing/reading-host.ts';

const lane = laneId('cp-1');
const signal = new AbortController().signal;
const fence = { runId: 'r1', token: 1 };
const TEXT = 'net.x = 1\n';
const token: Slot<'text'> = { slot: slotId('pki/etcd/ca.key'), type: 'text', secret: true, shown: 'a key' };
const write: Action = { kind: 'file', path: '/etc/a.conf', mode: '644', owner: 'root:root', content: [{ text: sha256(TEXT) }, token], was: { absent: true } };
const started = (index: number): RunEvent => ({ type: 'action.started', index });
const says = (line: string, index?: number): RunEvent => ({ type: 'output', index, line });
const exited = (exitCode: number): RunEvent => ({ type: 'exited', exitCode });

function stepOf(actions: readonly Action[], provides: readonly Slot[] = []): DeployStep {
  return {
    id: 'cp-1/x',
    title: 'x',
    why: 'x',
    on: { lane },
    needs: [],
    provides: provides.map(({ slot }) => slot),
    gates: [],
    effect: NO_EFFECT,
    actions: actions.map(provides.length > 0 ? means : goal),
  };
}

/** A host that plays recorded events and keeps what it was given. */
class PlayingHost {
  readonly requests: RunRequest[] = [];
  readonly uploads: Blob[] = [];
  readonly events: readonly RunEvent[];
  upload: Host['upload'] = async (blob, { onProgress }) => {
    onProgress?.(Math.floor(blob.sizeBytes / 2));
    this.uploads.push(blob);
    onProgress?.(blob.sizeBytes);
  };

  constructor(...events: readonly RunEvent[]) {
    this.events = events;
  }

  host(): Host {
    return { ...readingHost('cp-1', () => ''), run: (request) => this.#run(request), upload: (blob, options) => this.upload(blob, options) };
  }

  async *#run(request: RunRequest): AsyncGenerator<RunEvent> {
    this.requests.push(request);
    yield* this.events;
  }
}

const artifact = (name: string): [string, Artifact] => [name, { name, path: `/cache/${name}`, sha256: sha256(name), sizeBytes: 100, version: '1' } as unknown as Artifact];

async function run(step: DeployStep, playing: PlayingHost): Promise<{ readonly events: readonly ActionEvent[]; readonly error: AppError | undefined }> {
  const outputs = new SlotStore();
  outputs.provide(token.slot, Buffer.from('SECRET'));
  const world = {
    host: playing.host(),
    texts: { [sha256(TEXT)]: TEXT },
    artifacts: new Map([artifact('a'), artifact('b')]),
    transfers: new PriorityLimiter(3),
    priority: 0,
    cluster: 'demo',
  };
  const events: ActionEvent[] = [];
  try {
    for await (const event of runStepOn(lane, step, world, { outputs, fence, signal })) events.push(event);
    return { events, error: undefined };
  } catch (error) {
    if (error instanceof AppError) return { events, error };
    throw error;
  }
}

describe('a step that runs', () => {
  it('tells of its actions; output before the first marker belongs to the first action', async () => {
    const { events, error } = await run(stepOf([write]), new PlayingHost(says('motd'), started(0), says('hello'), { type: 'action.finished', index: 0 }, exited(0)));
    expect(error).toBeUndefined();
    expect(events).toEqual([
      { type: 'action.output', index: 0, line: 'motd' },
      { type: 'action.started', index: 0 },
      { type: 'action.output', index: 0, line: 'hello' },
      { type: 'action.finished', index: 0 },
    ]);
  });

  it('is one detached script; texts and secrets go beside it, not in it', async () => {
    const playing = new PlayingHost(exited(0));
    await run(stepOf([write]), playing);
    const [request] = playing.requests;
    expect(request).toMatchObject({ mode: 'detached', stepId: 'cp-1/x', fence });
    expect(Object.fromEntries([...(request?.inputs ?? [])].map(([name, bytes]) => [name, Buffer.from(bytes).toString()]))).toEqual({
      [`text-${sha256(TEXT)}`]: TEXT,
      'slot-pki_etcd_ca.key': 'SECRET',
    });
    expect(request?.script).not.toContain('SECRET');
  });

  it('gives slots within the connection, under their own ids', async () => {
    const playing = new PlayingHost(started(0), { type: 'slot.provided', slot: 'pki_etcd_ca.key', bytes: Buffer.from('K') }, exited(0));
    const { events } = await run(stepOf([{ kind: 'read-files', title: 'x', files: [{ path: '/k', slot: token }] }], [token]), playing);
    expect(playing.requests[0]?.mode).toBe('attached');
    expect(events.at(-1)).toEqual({ type: 'slot.provided', slot: 'pki/etcd/ca.key', bytes: Buffer.from('K') });
  });

  it('that gives what it does not provide has a defect', async () => {
    const { error } = await run(stepOf([write]), new PlayingHost({ type: 'slot.provided', slot: 'other', bytes: Buffer.from('K') }));
    expect(error).toMatchObject({ code: 'internal' });
  });
});

describe('a step that fails', () => {
  it('names action, exit code and machine, with the last lines it said', async () => {
    const lines = Array.from({ length: 40 }, (_, index) => says(`line ${index}`));
    const { error } = await run(stepOf([{ kind: 'module', name: 'overlay' }, write]), new PlayingHost(started(0), started(1), ...lines, exited(3)));
    expect(error).toMatchObject({ code: 'step-failed', exitCode: 6, message: 'write /etc/a.conf: exit code 3 on cp-1', retry: 'safe' });
    expect([error?.details.length, error?.details[0], error?.details.at(-1)]).toEqual([15, 'line 25', 'line 39']);
    expect(error?.hint).toContain('run the command again');
  });

  it('before its first action names its script', async () => {
    expect((await run(stepOf([write]), new PlayingHost(exited(2)))).error?.message).toBe('its script: exit code 2 on cp-1');
  });

  it('as drifted says what is no longer as it was', async () => {
    const { error } = await run(stepOf([write]), new PlayingHost(started(0), says('/etc/a.conf: expected absent, found 0123'), exited(75)));
    expect(error).toMatchObject({ code: 'drifted', exitCode: 6, message: expect.stringMatching(/^cp-1: \/etc\/a.conf: expected absent, found 0123/) });
  });
});

describe('uploads', () => {
  const blob = (name: string) => ({ artifact: name, sha256: sha256(name), sizeBytes: 100 });
  const program = (name: string, path: string): Action => ({ kind: 'program', path, version: '1', blob: blob(name) });

  it('come before the script, each blob once, with the progress of all together', async () => {
    const playing = new PlayingHost(exited(0));
    const { events } = await run(stepOf([program('a', '/bin/a'), program('b', '/bin/b'), program('a', '/bin/also-a')]), playing);
    expect(playing.uploads.map(({ path }) => path)).toEqual(['/cache/a', '/cache/b']);
    expect(events.at(-1)).toEqual({ type: 'transfer.progressed', sentBytes: 200, totalBytes: 200 });
    const sent = events.map((event) => (event.type === 'transfer.progressed' ? event.sentBytes : -1));
    expect(sent).toEqual([...sent].sort((a, b) => a - b));
  });

  it('that fail fail the step: its script never starts', async () => {
    const playing = new PlayingHost(exited(0));
    playing.upload = () => Promise.reject(new AppError('artifact-failed', 'no room'));
    const { error } = await run(stepOf([program('a', '/bin/a')]), playing);
    expect(error?.code).toBe('artifact-failed');
    expect(playing.requests).toEqual([]);
  });

  it('of an artifact that is not at hand are a defect', async () => {
    expect((await run(stepOf([program('unknown', '/bin/x')]), new PlayingHost(exited(0)))).error?.code).toBe('internal');
  });
});
