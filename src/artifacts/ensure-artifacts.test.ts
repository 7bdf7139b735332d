import { existsSync } from 'node:fs';
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { release } from '../catalogue/catalogue.ts';
import { AppError } from '../errors/app-error.ts';
import { pollUntil } from '../util/poll.ts';
import { sha256 } from '../util/sha256.ts';
import type { ArtifactName } from './artifact.ts';
import { buildGraph } from './build-graph.ts';
import type { BuildUnit } from './build-unit.ts';
import { ensureGraph, startGraph } from './ensure-artifacts.ts';
import type { ArtifactEvent } from './progress.ts';

const known = release('1.36.3');
const never = new AbortController().signal;
let root: string;
let made: string[];

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'kubewright-ensure-'));
  made = [];
});
afterEach(() => rm(root, { recursive: true, force: true }));

interface Unit {
  readonly lane: string;
  readonly outputs: readonly ArtifactName[];
  readonly inputs?: readonly ArtifactName[];
  readonly before?: (signal: AbortSignal) => Promise<void>;
  readonly recipe?: string;
}

/** A unit whose outputs hold their own names and those of their inputs. */
function unit({ lane, outputs, inputs = [], before, recipe = 'r' }: Unit): BuildUnit {
  return {
    lane,
    outputs,
    inputs,
    tools: [],
    recipe: () => recipe,
    make: async (making) => {
      await before?.(making.signal);
      made.push([...making.outputs.keys()].join('+'));
      for (const [name, path] of making.outputs) {
        await writeFile(path, name);
        for (const input of making.inputs.values()) await appendFile(path, await readFile(input.path));
      }
    },
  };
}

const graph = (...units: readonly BuildUnit[]) => buildGraph(known, root, units);
const kubernetes = unit({ lane: 'go-kubernetes', outputs: ['kubeadm', 'kubelet', 'kube-proxy'] });
const archive = unit({ lane: 'images-node', outputs: ['images-node'], inputs: ['kube-proxy', 'pause'] });
const pause = unit({ lane: 'pause', outputs: ['pause'] });

describe('ensureGraph', () => {
  it('makes only what is asked for, names of one unit together, and records digest and size', async () => {
    const found = await ensureGraph(graph(kubernetes, pause, archive), ['kubelet', 'kubeadm'], { signal: never });
    expect(made).toEqual(['kubeadm+kubelet']);
    expect(found.get('kubelet')).toMatchObject({ name: 'kubelet', version: '1.36.3', sha256: sha256('kubelet'), sizeBytes: 7 });
  });

  it('makes inputs first, and does not need them again when what is made from them is there', async () => {
    const found = await ensureGraph(graph(kubernetes, pause, archive), ['images-node'], { signal: never });
    expect(made).toEqual(expect.arrayContaining(['kube-proxy', 'pause', 'images-node']));
    expect(await readFile(found.get('images-node')?.path ?? '', 'utf8')).toBe('images-nodekube-proxypause');
    await rm(graph(kubernetes, pause, archive).dirOf('pause'), { recursive: true });
    await ensureGraph(graph(kubernetes, pause, archive), ['images-node'], { signal: never });
    expect(made).toHaveLength(3);
  });

  it('makes anew what is made by another recipe, and what is made from that', async () => {
    await ensureGraph(graph(kubernetes, pause, archive), ['images-node'], { signal: never });
    const changed = unit({ lane: 'pause', outputs: ['pause'], recipe: 'other' });
    await ensureGraph(graph(kubernetes, changed, archive), ['images-node'], { signal: never });
    expect(made.slice(3)).toEqual(['pause', 'images-node']);
  });

  it('stops the rest when one fails, keeps what was ready, and goes on from there', async () => {
    const broken = unit({
      lane: 'pause',
      outputs: ['pause'],
      // It runs beside the first, which shall be ready by then.
      before: async () => {
        await pollUntil(async () => existsSync(graph(kubernetes).dirOf('kubeadm')) || undefined, { what: 'kubeadm in the cache', deadlineMs: 20_000, everyMs: 1 });
        throw new AppError('program-failed', 'gcc ended with exit code 1', { details: ['pause.c:1: error'] });
      },
    });
    const slow = unit({
      lane: 'go-etcd',
      outputs: ['etcd'],
      // It may begin before the other has failed, or after.
      before: (signal) =>
        new Promise((_resolve, reject) => {
          const stop = (): void => reject(signal.reason as Error);
          if (signal.aborted) stop();
          signal.addEventListener('abort', stop);
        }),
    });
    const failing = ensureGraph(graph(kubernetes, broken, slow), ['kubeadm', 'pause', 'etcd'], { signal: never });
    await expect(failing).rejects.toMatchObject({ code: 'artifact-failed', message: 'making pause failed: gcc ended with exit code 1', details: ['pause.c:1: error'] });
    expect(made).toEqual(['kubeadm']);
    expect(existsSync(graph(slow).dirOf('etcd'))).toBe(false);
    await ensureGraph(graph(kubernetes, pause), ['kubeadm', 'pause'], { signal: never });
    expect(made).toEqual(['kubeadm', 'pause']);
  });

  it('ends as interrupted when the signal comes', async () => {
    const abort = new AbortController();
    const slow = unit({ lane: 'pause', outputs: ['pause'], before: async () => abort.abort() });
    await expect(ensureGraph(graph(slow), ['pause'], { signal: abort.signal })).rejects.toMatchObject({ code: 'interrupted' });
  });

  it('reports waiting and ready of each artifact, and only ready of what is there', async () => {
    const events: ArtifactEvent[] = [];
    const options = { signal: never, onProgress: (event: ArtifactEvent) => events.push(event) };
    await ensureGraph(graph(kubernetes), ['kubelet'], options);
    await ensureGraph(graph(kubernetes), ['kubelet'], options);
    expect(events.map(({ artifact, phase }) => `${artifact} ${phase}`)).toEqual(['kubelet waiting', 'kubelet ready', 'kubelet ready']);
  });

  it('says that an entry is damaged if its file is not of its recorded size', async () => {
    const found = await ensureGraph(graph(pause), ['pause'], { signal: never });
    await writeFile(found.get('pause')?.path ?? '', 'torn off');
    await expect(ensureGraph(graph(pause), ['pause'], { signal: never })).rejects.toMatchObject({ code: 'artifact-failed', hint: expect.stringContaining('remove ') });
  });
});

describe('startGraph', () => {
  it('gives what is ready while the rest is still made or failed', async () => {
    let open = (): void => undefined;
    const opened = new Promise<void>((resolve) => (open = resolve));
    const held = unit({ lane: 'go-etcd', outputs: ['etcd'], before: () => opened });
    const broken = unit({ lane: 'go-runc', outputs: ['runc'], before: () => Promise.reject(new Error('boom')) });
    const started = startGraph(graph(held, broken, pause), ['etcd', 'runc', 'pause'], { signal: never });
    expect(await started.get('pause')).toMatchObject({ name: 'pause' });
    await expect(started.get('runc')).rejects.toThrow('boom');
    open();
    expect(await started.get('etcd')).toMatchObject({ name: 'etcd' });
  });
});
