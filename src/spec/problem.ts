import { AppError } from '../errors/app-error.ts';
import type { DocumentPath } from './document-path.ts';
import { formatPath } from './document-path.ts';
import type { ProblemCode } from './problem-codes.ts';
import { problemCodes } from './problem-codes.ts';
import type { Position } from './yaml-document.ts';

/** One thing that is wrong with a cluster file, where, why, and what to write instead. */
export interface Problem {
  readonly code: ProblemCode;
  readonly severity: 'error' | 'warning';
  /** `spec.nodes[0].address`; `(top)` for the text as a whole. */
  readonly path: string;
  readonly file: string;
  /** Both count from 1. */
  readonly line: number;
  readonly column: number;
  /** What, one line. */
  readonly message: string;
  readonly why: string;
  /** What to write. */
  readonly fix: string;
}

/** What a check found, before it is given a position; `why` and `fix` default to those of the code. */
export interface SpecFinding {
  readonly code: ProblemCode;
  readonly path: DocumentPath;
  /** Taken instead of `path` if the value there is a default, which has no place in the file. */
  readonly otherPath?: DocumentPath;
  /** Whether the key or the value at the path is at fault. Default: the value. */
  readonly at?: 'key' | 'value';
  readonly message: string;
  readonly why?: string;
  readonly fix?: string;
}

/** Gives a finding its position and the words of its code. */
export function toProblem(finding: SpecFinding, file: string, position: Position): Problem {
  const { severity, why, fix } = problemCodes[finding.code];
  return { code: finding.code, severity, path: formatPath(finding.path), file, ...position, message: finding.message, why: finding.why ?? why, fix: finding.fix ?? fix };
}

export function isError(problem: Problem): boolean {
  return problem.severity === 'error';
}

/** By place in the file. */
export function sortProblems(problems: readonly Problem[]): readonly Problem[] {
  return [...problems].sort((a, b) => a.line - b.line || a.column - b.column);
}

/** `cluster.yaml:12:9: error: name "Bad_Name" is not ... [node-name-invalid]`, then why and what to write. */
export function formatProblem(problem: Problem): readonly string[] {
  const { file, line, column, severity, message, code, why, fix } = problem;
  return [`${file}:${line}:${column}: ${severity}: ${message} [${code}]`, `  why: ${why}`, `  fix: ${fix}`];
}

/** The error that a command ends with when the file is not valid (exit code 3). */
export function clusterFileError(problems: readonly Problem[]): AppError {
  const count = problems.filter(isError).length;
  const file = problems[0]?.file ?? '';
  return new AppError('cluster-file-invalid', `cluster file ${file} has ${count === 1 ? 'a problem' : `${count} problems`}`, { details: problems.flatMap(formatProblem) });
}
