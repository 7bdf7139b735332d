import { randomUUID } from 'node:crypto';
import { AppError } from '../errors/app-error.ts';
import type { InsideFacts } from '../facts/inside/inside-facts.ts';
import { INSIDE_SLOT, PROBE_MANIFEST_INPUT, insideScript } from '../facts/inside/inside-script.ts';
import type { InsideRequest } from '../facts/inside/inside-script.ts';
import { otherVerification, parseInside } from '../facts/inside/parse-inside.ts';
import type { ProbeRun } from '../facts/inside/probe-manifest.ts';
import { namespaceManifest, probeManifest } from '../facts/inside/probe-manifest.ts';
import { NAMESPACE_INPUT } from '../facts/inside/take-namespace.ts';
import type { Fence, Host, RunRequest } from '../hosts/host.ts';
import { unknown } from '../plan/fact.ts';
import type { Fact } from '../plan/fact.ts';
import { unseenFact } from './unseen-fact.ts';

const DEADLINE_MS = 240_000;

/** Failures that end the command; all others make the answer unknown. */
const ENDING: ReadonlySet<string> = new Set(['locked', 'interrupted']);

export interface InsideAsk extends InsideRequest {
  /** The catalogue's agnhost. */
  readonly image: string;
}

/**
 * A run that takes no lock: it numbers itself above all that were, so that no earlier lock refuses it, and stores the number nowhere. While
 * another run holds the host it is refused all the same (`locked`).
 */
function bystanderFence(): Fence {
  return { runId: `verify-${randomUUID()}`, token: Number.MAX_SAFE_INTEGER };
}

/**
 * Asks from pods on every node, through one control plane; what is made for it is removed again. Throws `locked` while another run holds that host, and while another verification
 * asks through another host.
 */
export async function observeInside(host: Host, { image, ...ask }: InsideAsk, signal: AbortSignal, onProgress: (line: string) => void): Promise<Fact<InsideFacts>> {
  const fence = bystanderFence();
  const run: ProbeRun = { runId: fence.runId, through: host.target.name };
  const inputs = new Map([
    [NAMESPACE_INPUT, Buffer.from(namespaceManifest(run))],
    [PROBE_MANIFEST_INPUT, Buffer.from(probeManifest(image, run))],
  ]);
  const request: RunRequest = { fence, stepId: 'verify', script: insideScript(ask, run), inputs, mode: 'attached', deadlineMs: DEADLINE_MS };
  try {
    const answer = await slotOf(host, request, signal, onProgress);
    if (answer === undefined) return unknown(`${host.target.name} gave no answer from inside the cluster`);
    refuseBeside(answer);
    return parseInside(answer);
  } catch (error) {
    if (error instanceof AppError && ENDING.has(error.code)) throw error;
    return unseenFact(error, signal);
  }
}

function refuseBeside(answer: string): void {
  const other = otherVerification(answer);
  if (other === undefined) return;
  throw new AppError('locked', `another verification of this cluster is at work, through ${other.through}`, {
    details: [`run ${other.runId}, since ${other.since}`],
    hint: 'wait for it to end; what a killed one left is taken away two minutes after it began',
    retry: 'safe',
  });
}

async function slotOf(host: Host, request: RunRequest, signal: AbortSignal, onProgress: (line: string) => void): Promise<string | undefined> {
  let answer: string | undefined;
  for await (const event of host.run(request, signal)) {
    if (event.type === 'slot.provided' && event.slot === INSIDE_SLOT) answer = Buffer.from(event.bytes).toString('utf8');
    if (event.type === 'output' && event.line.trim() !== '') onProgress(event.line);
  }
  return answer;
}
