import type { UnknownJson } from '../contract/report.ts';
import { AppError } from '../errors/app-error.ts';
import { unknown } from '../plan/fact.ts';
import type { Fact, Unseen } from '../plan/fact.ts';

/** Failures that say nothing about the machine that was to be looked at. */
const OF_THIS_MACHINE: ReadonlySet<string> = new Set(['program-missing', 'program-failed']);

/** A failed look as a fact: a machine that cannot be reached comes with what ssh said and what to do next. Throws what is no fact about the machine: a defect, an interruption. */
export function unseenFact(error: unknown, signal: AbortSignal): Fact<never> {
  if (signal.aborted || !(error instanceof AppError) || OF_THIS_MACHINE.has(error.code)) throw error;
  const unreachable = { state: 'unreachable', why: error.message, advice: adviceOf(error).join('\n') } as const;
  if (error.code === 'sudo-refused') return { ...unreachable, code: error.code };
  return error.code === 'host-unreachable' ? unreachable : unknown(error.message);
}

/** What a person needs who is told of a failure in one line of several: the machine's words, then what to do. */
export function adviceOf({ details, hint }: AppError): readonly string[] {
  return [...details, `next: ${hint}`];
}

/** Lines about each of several machines: why it was not seen, and its advice below. */
export function unseenLines(facts: readonly Unseen[]): readonly string[] {
  return facts.flatMap(({ why, advice }) => [why, ...linesOf(advice).map((line) => `  ${line}`)]);
}

/** What a report could not see, with the advice about each machine beside the first that it is the reason of. */
export function withAdvice(unknowns: readonly UnknownJson[], facts: Readonly<Record<string, Fact<unknown>>>): readonly UnknownJson[] {
  const told = new Set<string>();
  return unknowns.map((entry) => {
    const fact = entry.node === undefined ? undefined : facts[entry.node];
    if (entry.node === undefined || fact === undefined || fact.state === 'known' || fact.advice === undefined || fact.why !== entry.why || told.has(entry.node)) return entry;
    told.add(entry.node);
    return { ...entry, advice: linesOf(fact.advice) };
  });
}

function linesOf(advice: string | undefined): readonly string[] {
  return advice === undefined ? [] : advice.split('\n');
}
