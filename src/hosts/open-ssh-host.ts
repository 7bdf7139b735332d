import type { Host } from './host.ts';
import type { HostPrograms } from './host-programs.ts';
import { lockHost, unlockHost } from './lock-host.ts';
import type { Patience } from './patience.ts';
import { readHost } from './read-host.ts';
import { attachedFrame, followFrame, startFrame } from './run-frames.ts';
import { runJob } from './run-host.ts';
import type { SshLink } from './ssh-link.ts';
import { uploadBlob } from './upload-host.ts';

/**
 * A machine reached with the system's OpenSSH. An abort ends the following of a run, not the run: a detached script goes on
 * on the host, and `follow`, or `run` with the same run and step, finds it.
 */
export function openSshHost(link: SshLink, programs: HostPrograms, patience: Patience): Host {
  const { reconnectMs, lockMs, endMs } = patience;
  return {
    target: link.target,
    traffic: () => link.meter.traffic(),
    read: (script, options) => readHost(link, programs.read, script, options),
    run: (request, signal) => {
      const { fence, stepId } = request;
      // Before it begins, the host may wait as long for the script before it to end.
      const hungMs = 2 * request.deadlineMs + endMs;
      if (request.mode === 'attached') return runJob({ link, stepId, reconnectMs, hungMs, start: attachedFrame(programs, request), follow: undefined }, signal);
      return runJob({ link, stepId, reconnectMs, hungMs, start: startFrame(programs, request), follow: followFrame(programs, fence.runId, stepId) }, signal);
    },
    follow: ({ runId, stepId }, signal) => runJob({ link, stepId, reconnectMs, start: undefined, follow: followFrame(programs, runId, stepId) }, signal),
    upload: (blob, options) => uploadBlob({ ...options, link, blob, patience, program: programs.upload }),
    lock: (holder, signal, over) => lockHost({ link, programs, signal, timeoutMs: lockMs }, holder, over),
    unlock: (fence, signal) => unlockHost({ link, programs, signal, timeoutMs: lockMs }, fence),
  };
}
