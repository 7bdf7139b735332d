/** How to reach one machine with OpenSSH; absent fields are left to the user's own ssh configuration. */
export interface HostTarget {
  readonly name: string;
  /** Address or name that ssh dials. */
  readonly address: string;
  /** Another than root becomes root with sudo. */
  readonly user: string;
  readonly port?: number;
  /** As ssh's `-J` takes it. */
  readonly jump?: string;
  readonly identityFile?: string;
  readonly knownHostsFile?: string;
}

/** Counted per host since the adapter was made. A round trip is one remote command over the live connection. */
export interface Traffic {
  readonly roundTrips: number;
  readonly bytesSent: number;
  readonly bytesReceived: number;
}

/** The right to act: scripts refuse to act for a lower number than the host has seen. */
export interface Fence {
  readonly runId: string;
  readonly token: number;
}

/** Everything one step does on one host, compiled into one script. */
export interface RunRequest {
  readonly fence: Fence;
  /** Id of the step: with `fence.runId` the name of the run on the host. */
  readonly stepId: string;
  /**
   * POSIX shell. Finds its inputs as files `$KW_IN/<name>` and prints markers with the nonce `$KW_NONCE`
   * (`shell/markers.ts`): action started, action finished, slot provided.
   */
  readonly script: string;
  /** Secrets and other bytes of this run, by file name: 0600 in `/run`, removed at the end. */
  readonly inputs: ReadonlyMap<string, Uint8Array>;
  /**
   * `detached`: a transient systemd unit that neither a lost connection nor a killed tool ends or repeats.
   * `attached`: runs within the connection and keeps nothing: for scripts that print secrets (slots) and may be run again.
   */
  readonly mode: 'detached' | 'attached';
  readonly deadlineMs: number;
}

export type RunEvent =
  | { readonly type: 'action.started'; readonly index: number }
  | { readonly type: 'action.finished'; readonly index: number }
  | { readonly type: 'output'; readonly index: number | undefined; readonly line: string }
  | { readonly type: 'slot.provided'; readonly slot: string; readonly bytes: Uint8Array }
  | { readonly type: 'exited'; readonly exitCode: number };

/** A local file that a host shall hold as `/var/lib/kubewright/blobs/<sha256>`. */
export interface Blob {
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly path: string;
}

export interface LockHolder {
  readonly runId: string;
  readonly token: number;
  /** `user@machine pid command`, for people. */
  readonly owner: string;
  readonly since: string;
  readonly expires: string;
}

/** `before`: the number of the other run that had it last. `held: false`: nobody holds it (expired or given back), but the number is not above the holder's, which was the last. */
export type LockAnswer = { readonly taken: true; readonly before?: number } | { readonly taken: false; readonly held: boolean; readonly holder: LockHolder };

/** One machine. Every call throws `host-unreachable` when the machine cannot be reached or refuses the login. */
export interface Host {
  readonly target: HostTarget;
  readonly traffic: () => Traffic;
  /** Runs a script that changes nothing and gives its standard output. One round trip. */
  read(script: string, options: { readonly signal: AbortSignal; readonly timeoutMs: number }): Promise<string>;
  /** Starts a run and follows it to its end. Throws `locked` when the host has seen a higher number or another run holds it. */
  run(request: RunRequest, signal: AbortSignal): AsyncIterable<RunEvent>;
  /** Follows a detached run that exists on the host, from its first line: still running, or ended and kept. */
  follow(run: { readonly runId: string; readonly stepId: string }, signal: AbortSignal): AsyncIterable<RunEvent>;
  /** Makes the host hold the blob: resumes a part, verifies the digest there, sends nothing that is there. */
  upload(blob: Blob, options: { readonly signal: AbortSignal; readonly onProgress?: (sentBytes: number) => void }): Promise<void>;
  /** Takes or renews the host's lock for `holder` unless another holder's has not expired, or is of run `over`; numbers only rise. */
  lock(holder: LockHolder, signal: AbortSignal, over?: string): Promise<LockAnswer>;
  unlock(fence: Fence, signal: AbortSignal): Promise<void>;
}
