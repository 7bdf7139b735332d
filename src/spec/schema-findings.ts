import { z } from 'zod';
import type { DocumentPath } from './document-path.ts';
import { formatPath, valueAt } from './document-path.ts';
import type { SpecFinding } from './problem.ts';
import { isProblemCode, problemCodes } from './problem-codes.ts';
import { clusterFileSchema } from './schema.ts';
import { keysAt, placesOfKey, schemaAt } from './schema-walk.ts';
import { shown } from './shown-value.ts';
import { suggest } from './suggest.ts';

const TYPE_WORDS: Readonly<Record<string, string>> = { object: 'a map', record: 'a map', array: 'a list', string: 'text', boolean: 'true or false', number: 'a number' };

/** What the schema refused, with what is wrong below a key that it refuses: there it looks no further by itself. */
export function issuesOf(refused: z.ZodError | undefined, raw: unknown): readonly z.core.$ZodIssue[] {
  return (refused?.issues ?? []).flatMap((issue) => (issue.code === 'invalid_key' ? [issue, ...issuesBelow(issue, raw)] : [issue]));
}

function issuesBelow({ path }: z.core.$ZodIssue, raw: unknown): readonly z.core.$ZodIssue[] {
  const at = path.map((part) => (typeof part === 'symbol' ? String(part) : part));
  const schema = schemaAt(clusterFileSchema, at);
  const judged = schema && z.safeParse(schema, valueAt(raw, at));
  return (judged?.error?.issues ?? []).map((issue) => ({ ...issue, path: [...at, ...issue.path] }));
}

/** What the schema refused, in words; `raw` is the tree that it saw. */
export function schemaFindings(issues: readonly z.core.$ZodIssue[], raw: unknown): readonly SpecFinding[] {
  return issues.flatMap((issue) => issueFindings(issue, raw));
}

function issueFindings(issue: z.core.$ZodIssue, raw: unknown): readonly SpecFinding[] {
  const path = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part));
  const value = valueAt(raw, path);
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey([...path, key]));
  if (issue.code === 'invalid_key') return [formFinding(issue.issues[0]?.message ?? '', path, String(path.at(-1)), 'key')];
  if (isProblemCode(issue.message)) return [formFinding(issue.message, path, value, 'value')];
  if (value === undefined) return [missingKey(path, issue)];
  if (issue.code === 'invalid_value') return [notAllowed(path, value, issue.values.map(String))];
  return [wrongType(path, value, issue.code === 'invalid_type' ? issue.expected : issue.code)];
}

function unknownKey(path: DocumentPath): SpecFinding {
  const key = String(path.at(-1));
  const known = keysAt(clusterFileSchema, path.slice(0, -1));
  const meant = suggest(key, known);
  const elsewhere = placesOfKey(clusterFileSchema, key)[0];
  const message = `unknown key ${shown(key)}${meant === undefined ? '' : `: did you mean ${meant}?`}`;
  if (meant !== undefined) return { code: 'key-unknown', path, at: 'key', message, fix: `write ${meant}` };
  if (elsewhere !== undefined) return { code: 'key-unknown', path, at: 'key', message, fix: `write it as ${elsewhere}` };
  return { code: 'key-unknown', path, at: 'key', message, fix: `remove it; the keys here are ${known.join(', ')}` };
}

function missingKey(path: DocumentPath, issue: z.core.$ZodIssue): SpecFinding {
  return { code: 'key-missing', path, at: 'key', message: `${formatPath(path)} is missing`, fix: howToWrite(lastKey(path), issue) };
}

function howToWrite(key: string, issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_value') return `write ${key}: ${issue.values.length === 1 ? String(issue.values[0]) : `with one of ${issue.values.map(String).join(', ')}`}`;
  const wanted = issue.code === 'invalid_type' ? TYPE_WORDS[issue.expected] : undefined;
  return wanted === undefined ? problemCodes['key-missing'].fix : `write ${key}, ${wanted}; kubewright init --out - shows a whole file`;
}

function formFinding(code: string, path: DocumentPath, value: unknown, at: 'key' | 'value'): SpecFinding {
  const known = isProblemCode(code) ? code : 'type-wrong';
  const { says, meaning, fix } = problemCodes[known];
  const isPrefixed = known === 'version-invalid' && typeof value === 'string' && /^v\d/.test(value);
  return { code: known, path, at, message: says === undefined ? meaning : `${lastKey(path, at)} ${shown(value)} ${says}`, fix: isPrefixed ? `write ${value.slice(1)}` : fix };
}

function notAllowed(path: DocumentPath, value: unknown, allowed: readonly string[]): SpecFinding {
  const meant = typeof value === 'string' ? suggest(value, allowed) : undefined;
  const fix = allowed.length === 1 ? `write ${allowed[0]}` : `write ${meant ?? `one of ${allowed.join(', ')}`}`;
  return { code: 'value-not-allowed', path, message: `${lastKey(path)} ${shown(value)} is not ${allowed.join(' or ')}`, fix };
}

function wrongType(path: DocumentPath, value: unknown, expected: string): SpecFinding {
  const isScalar = typeof value === 'number' || typeof value === 'boolean' || value === null;
  if (expected === 'string' && isScalar) return stringNeeded(path, value);
  const wanted = TYPE_WORDS[expected] ?? 'a value or a list of values';
  // A file that is one text is no cluster file at all: it may be a token, which is nobody's to repeat.
  const read = path.length === 0 && !Array.isArray(value) ? `one ${typeof value}` : shown(value);
  return { code: 'type-wrong', path, message: `${lastKey(path)} is ${read}, not ${wanted}`, fix: `write ${wanted}` };
}

function stringNeeded(path: DocumentPath, value: number | boolean | null): SpecFinding {
  const read = value === null ? 'has no value' : `is the ${typeof value} ${String(value)}, not text`;
  const fix = lastKey(path) === 'version' ? problemCodes['version-invalid'].fix : value === null ? 'write the value' : problemCodes['string-needed'].fix;
  return { code: 'string-needed', path, message: `${lastKey(path)} ${read}`, fix };
}

function lastKey(path: DocumentPath, at: 'key' | 'value' = 'value'): string {
  const part = (at === 'key' ? path.slice(0, -1) : path).findLast((step) => typeof step === 'string');
  return part ?? 'the file';
}
