import type { Document, Node, Pair, ParsedNode, YAMLMap } from 'yaml';
import { Composer, LineCounter, isMap, isNode, isPair, isScalar, isSeq } from 'yaml';
import type { DocumentPath } from './document-path.ts';
import { tokensOf } from './yaml-tokens.ts';

export interface Position {
  readonly line: number;
  readonly column: number;
}

export type YamlDocument = Document.Parsed<ParsedNode, true>;

/** A parsed file whose every value can be found again in the text. */
export interface LocatedDocument {
  readonly file: string;
  readonly document: YamlDocument;
  readonly lines: LineCounter;
}

export interface ParsedYaml {
  readonly documents: readonly YamlDocument[];
  readonly lines: LineCounter;
  /** Offset at which the text nests too deeply; nothing behind it was read. */
  readonly tooDeepAt?: number;
}

/** All documents of a text, each with its own errors; never throws. Duplicate keys are ours to find: the parser's way is quadratic. */
export function parseYaml(text: string): ParsedYaml {
  const lines = new LineCounter();
  const read = tokensOf(text, lines.addNewLine);
  if ('tooDeepAt' in read) return { documents: [], lines, tooDeepAt: read.tooDeepAt };
  const composer = new Composer<ParsedNode, true>({ version: '1.2', schema: 'core', strict: true, uniqueKeys: false, stringKeys: true, prettyErrors: false, logLevel: 'silent' });
  return { documents: [...composer.compose(read.tokens)], lines };
}

/** Line and column of an offset, both from 1. */
export function positionOf(lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}

/** Position of the value or key at a path; of its key if there is no text for the value, of its nearest parent if it is not in the file. */
export function locate(located: LocatedDocument, path: DocumentPath, at: 'key' | 'value' = 'value'): Position {
  const top = located.document.contents;
  const steps = stepsTo(top, path);
  const last = steps.at(-1) ?? { key: undefined, value: top };
  const isValue = at === 'value' && steps.length === path.length && !isBlank(last.value);
  const offset = isValue ? (startOf(last.value) ?? startOf(last.key)) : (startOf(last.key) ?? startOf(last.value));
  return positionOf(located.lines, offset ?? 0);
}

/** `key:` with nothing behind it. */
function isBlank(node: unknown): boolean {
  return isScalar(node) && node.value === null && node.source === '';
}

/** Whether the file itself has a value at the path. */
export function isWritten(located: LocatedDocument, path: DocumentPath): boolean {
  return stepsTo(located.document.contents, path).length === path.length;
}

/** The text of a scalar as it stands in the file: `1.10` stays `1.10`; undefined if there is no scalar at the path. */
export function sourceAt(located: LocatedDocument, path: DocumentPath): string | undefined {
  const steps = stepsTo(located.document.contents, path);
  const node = steps.length === path.length ? steps.at(-1)?.value : undefined;
  if (!isScalar(node)) return undefined;
  return typeof node.value === 'string' ? node.value : (node.source ?? String(node.value));
}

interface Step {
  readonly key: unknown;
  readonly value: unknown;
}

function stepsTo(top: unknown, path: DocumentPath): readonly Step[] {
  const steps: Step[] = [];
  let node: unknown = top;
  for (const part of path) {
    const child = childOf(node, part);
    if (child === undefined) break;
    steps.push(isPair(child) ? child : { key: undefined, value: child });
    node = steps.at(-1)?.value;
  }
  return steps;
}

function childOf(node: unknown, part: string | number): Pair | Node | undefined {
  if (isSeq<Node>(node) && typeof part === 'number') return node.items[part];
  return isMap(node) ? pairsOf(node).get(String(part)) : undefined;
}

const indexed = new WeakMap<YAMLMap, ReadonlyMap<string, Pair>>();

/** A map by the text of its keys, made once: files of thousands of nodes are searched for every problem. */
function pairsOf(map: YAMLMap): ReadonlyMap<string, Pair> {
  const known = indexed.get(map);
  if (known !== undefined) return known;
  const made = new Map(map.items.flatMap((pair) => (isScalar(pair.key) ? [[String(pair.key.value), pair] as const] : [])));
  indexed.set(map, made);
  return made;
}

function startOf(node: unknown): number | undefined {
  return (isNode(node) ? node.range?.[0] : undefined) ?? undefined;
}
