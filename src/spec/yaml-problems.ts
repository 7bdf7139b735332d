import type { LineCounter, Node, Scalar, YAMLError } from 'yaml';
import { isAlias, isNode, isScalar, visit } from 'yaml';
import type { Problem } from './problem.ts';
import { toProblem } from './problem.ts';
import type { ProblemCode } from './problem-codes.ts';
import { secretIn } from './shown-value.ts';
import type { YamlDocument } from './yaml-document.ts';
import { positionOf } from './yaml-document.ts';

/** Where a problem of the text is reported: it has no path, only a place in the text. */
export interface TextPlace {
  readonly file: string;
  readonly lines: LineCounter;
}

type Report = (code: ProblemCode, message: string) => Problem;

const CODES: Partial<Record<YAMLError['code'], ProblemCode>> = {
  TAB_AS_INDENT: 'yaml-tab',
  DUPLICATE_KEY: 'yaml-duplicate-key',
  NON_STRING_KEY: 'yaml-key',
  BAD_ALIAS: 'yaml-alias',
  ALIAS_PROPS: 'yaml-alias',
  MULTIPLE_ANCHORS: 'yaml-alias',
  MULTIPLE_TAGS: 'yaml-tag',
};
const SUBSTITUTION = /\$\{[^}]*\}|\{\{.*?\}\}/;
const LONGEST_SHOWN = 40;

export function textProblem(code: ProblemCode, place: TextPlace, offset: number, message: string): Problem {
  return toProblem({ code, path: [], message }, place.file, positionOf(place.lines, offset));
}

/** What the YAML parser refuses. */
export function syntaxProblems(document: YamlDocument, place: TextPlace): readonly Problem[] {
  return document.errors.map((found) => textProblem(CODES[found.code] ?? 'yaml-syntax', place, found.pos[0], inLowerCase(found.message)));
}

/** What YAML allows and a cluster file does not: anchors, aliases, tags, substitution, secrets. */
export function refusedNodes(document: YamlDocument, place: TextPlace): readonly Problem[] {
  const problems: Problem[] = [];
  visit(document, (_key, node) => {
    if (isNode(node)) problems.push(...refusedNode(node, (code, message) => textProblem(code, place, node.range?.[0] ?? 0, message)));
  });
  return problems;
}

function refusedNode(node: Node, report: Report): readonly Problem[] {
  if (isAlias(node)) return [report('yaml-alias', 'an alias is used')];
  return [
    ...('anchor' in node && node.anchor !== undefined ? [report('yaml-alias', 'an anchor is used')] : []),
    ...(node.tag === undefined ? [] : [report('yaml-tag', 'a tag is used')]),
    ...(isScalar(node) ? refusedText(node, report) : []),
  ];
}

function refusedText(node: Scalar, report: Report): readonly Problem[] {
  if (typeof node.value !== 'string') return [];
  const secret = secretIn(node.value);
  if (secret !== undefined) return [report('secret-value', `a value holds ${secret}`)];
  const found = SUBSTITUTION.exec(node.value)?.[0];
  return found === undefined ? [] : [report('interpolation-refused', `a value holds ${JSON.stringify(found.slice(0, LONGEST_SHOWN))}`)];
}

function inLowerCase(message: string): string {
  const line = message.split('\n')[0] ?? message;
  return line.charAt(0).toLowerCase() + line.slice(1);
}
