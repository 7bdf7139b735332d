import type { FileFact } from '../facts/host-facts.ts';
import type { LedgerClaim, LedgerSubject } from '../facts/ledger/ledger-facts.ts';

/** A line as scripts write it. */
export interface LedgerLine {
  readonly path: string;
  readonly what: LedgerSubject;
  readonly sha256: string;
  readonly existed: boolean;
  readonly backup: string;
  readonly was: string;
}

export type RegularFile = Extract<FileFact, { type: 'file' }>;

/** A machine's ledger on its disk, and the copies that it keeps, by digest. */
export interface SimLedger {
  readonly lines: readonly LedgerLine[];
  readonly claim?: LedgerClaim;
  readonly copies: Readonly<Record<string, RegularFile>>;
  /** Copies that a reset could not give back. */
  readonly kept: Readonly<Record<string, RegularFile>>;
}

export const NO_LINES: SimLedger = { lines: [], copies: {}, kept: {} };
