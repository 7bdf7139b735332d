import type { VerifyInput } from '../verify/verify-input.ts';

/** A wrong thing, the one code that tells it, the node it is told of, a part of its evidence. */
export type BrokenCase = readonly [wrong: string, input: VerifyInput, code: string, node: string | undefined, evidence: string];
