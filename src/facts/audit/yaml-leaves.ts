import { LineCounter, isAlias, isMap, isPair, isScalar, isSeq, parseDocument } from 'yaml';
import type { Document, Node } from 'yaml';

/** One value of a YAML text. */
export interface YamlLeaf {
  /** `apiServer.extraArgs.0.value`. */
  readonly path: string;
  readonly value: string;
  /** From 1. */
  readonly line: number;
}

export type YamlLeaves = { readonly leaves: readonly YamlLeaf[] } | { readonly why: string };

/** Far above what any of kubeadm's objects holds: what has more, aliases unfolded, is no configuration. */
const MOST_VALUES = 20_000;
const MOST_DEPTH = 50;

/** The values of a YAML text with their lines. Broken texts, those of several documents unless only the first counts, and such that unfold without end, give the reason. */
export function yamlLeaves(text: string, documents: 'one' | 'first' = 'one'): YamlLeaves {
  try {
    const lines = new LineCounter();
    // At 'silent' the parser passes over the documents after the first without a word.
    const document = parseDocument(text, { lineCounter: lines, logLevel: documents === 'one' ? 'error' : 'silent', uniqueKeys: false });
    const [error] = document.errors;
    if (error?.code === 'MULTIPLE_DOCS') return { why: `line ${error.linePos?.[0].line ?? 1}: a second document begins` };
    if (error !== undefined) return { why: `line ${error.linePos?.[0].line ?? 1}: ${(error.message.split('\n')[0] ?? '').replace(/ at line \d+.*$/, '')}` };
    const leaves: YamlLeaf[] = [];
    collect({ document, lines, leaves, visited: 0 }, document.contents, []);
    return { leaves };
  } catch (error) {
    return { why: error instanceof Error ? error.message : String(error) };
  }
}

interface Collecting {
  readonly document: Document.Parsed;
  readonly lines: LineCounter;
  readonly leaves: YamlLeaf[];
  visited: number;
}

function collect(collecting: Collecting, node: unknown, path: readonly string[]): void {
  const { document, lines, leaves } = collecting;
  if (path.length > MOST_DEPTH) throw new Error(`it is nested deeper than ${MOST_DEPTH} levels`);
  collecting.visited += 1;
  if (collecting.visited > MOST_VALUES) throw new Error(`it holds more than ${MOST_VALUES} values`);
  if (isAlias(node)) collect(collecting, node.resolve(document), path);
  else if (isMap(node)) for (const pair of node.items) collect(collecting, pair.value, [...path, keyOf(pair)]);
  else if (isSeq(node)) node.items.forEach((item, index) => collect(collecting, isPair(item) ? item.value : item, [...path, String(index)]));
  else if (isScalar(node)) leaves.push({ path: path.join('.'), value: textOf(node.value), line: lineOf(node, lines) });
}

function keyOf({ key }: { readonly key: unknown }): string {
  return isScalar(key) ? textOf(key.value) : '';
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint' ? String(value) : '';
}

function lineOf({ range }: Node, lines: LineCounter): number {
  return lines.linePos(range?.[0] ?? 0).line;
}
