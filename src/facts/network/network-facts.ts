/** One try of a machine to reach a port of another, for real. */
export interface PortTry {
  /** Node that was dialled. */
  readonly to: string;
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
  /** `open`: it was answered. `deaf`: nothing of ours listened there, and nothing else answered, so nothing is known. */
  readonly outcome: 'open' | 'refused' | 'silent' | 'unreachable' | 'deaf';
}

/** A packet as large as the machine's own network takes, sent to another machine and not to be cut into pieces. */
export interface SizeTry {
  readonly to: string;
  readonly sizeBytes: number;
  readonly arrived: boolean;
}

export interface NetworkFacts {
  readonly ports: readonly PortTry[];
  readonly sizes: readonly SizeTry[];
}
