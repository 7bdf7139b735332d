import { encodeRunName } from '../shell/run-name.ts';
import { newNonce } from './contact.ts';
import type { Frame } from './frame.ts';
import type { RunRequest } from './host.ts';
import type { HostPrograms } from './host-programs.ts';

/** A frame for each try: with the nonce of its answer, from a byte of the output on. */
export type RunFrame = (nonce: string, offset: number) => Frame;

/** Starts a detached run. The markers' nonce is the run's own and is kept on the host. */
export function startFrame(programs: HostPrograms, request: RunRequest): RunFrame {
  const { runId, token } = request.fence;
  const [run, step] = [encodeRunName(runId), encodeRunName(request.stepId)];
  const unit = `kubewright-${run}-${step}.service`;
  const markers = newNonce();
  // Joined by the host to an object whose first field is the time there; see `kw_receive`.
  const meta = JSON.stringify({ runId, stepId: request.stepId, token, unit, nonce: markers }).slice(1);
  return (nonce, offset) => ({
    program: programs.start,
    words: [nonce, run, step, unit, token, markers, seconds(request), offset],
    texts: [programs.runner, meta, request.script],
    inputs: request.inputs,
  });
}

export function followFrame(programs: HostPrograms, runId: string, stepId: string): RunFrame {
  const words = [encodeRunName(runId), encodeRunName(stepId)];
  return (nonce, offset) => ({ program: programs.follow, words: [nonce, ...words, offset] });
}

/** Runs a script within the connection. */
export function attachedFrame(programs: HostPrograms, request: RunRequest): RunFrame {
  const { runId, token } = request.fence;
  return (nonce) => ({
    program: programs.attached,
    words: [nonce, encodeRunName(runId), token, newNonce(), seconds(request)],
    texts: [request.script],
    inputs: request.inputs,
  });
}

function seconds(request: RunRequest): number {
  return Math.max(1, Math.ceil(request.deadlineMs / 1000));
}
