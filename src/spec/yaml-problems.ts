import type { LineCounter, Node, Scalar, YAMLError, YAMLMap } from 'yaml';
import { isAlias, isMap, isNode, isScalar, visit } from 'yaml';
import type { Problem } from './problem.ts';
import { toProblem } from './problem.ts';
import type { ProblemCode } from './problem-codes.ts';
import { secretIn, shown } from './shown-value.ts';
import type { YamlDocument } from './yaml-document.ts';
import { positionOf } from './yaml-document.ts';

/** Where a problem of the text is reported: it has no path, only a place in the text. */
export interface TextPlace {
  readonly file: string;
  readonly lines: LineCounter;
}

type Report = (code: ProblemCode, message: string) => Problem;

const CODES: Partial<Record<YAMLError['code'], { readonly code: ProblemCode; readonly message: string }>> = {
  TAB_AS_INDENT: { code: 'yaml-tab', message: 'a tab is used to indent' },
  NON_STRING_KEY: { code: 'yaml-key', message: 'a key is not plain text' },
  BAD_ALIAS: { code: 'yaml-alias', message: 'an alias is used' },
  ALIAS_PROPS: { code: 'yaml-alias', message: 'an alias is used' },
  MULTIPLE_ANCHORS: { code: 'yaml-alias', message: 'an anchor is used' },
  MULTIPLE_TAGS: { code: 'yaml-tag', message: 'a tag is used' },
};
const SUBSTITUTION = /\$\{[^}]*\}|\{\{.*?\}\}/;
/** The parser repeats what it could not read, which may be a secret. */
const REPEATED_SOURCE = /(?<=\w): .*$/s;
const LONGEST_SHOWN = 40;

export function textProblem(code: ProblemCode, place: TextPlace, offset: number, message: string): Problem {
  return toProblem({ code, path: [], message }, place.file, positionOf(place.lines, offset));
}

/** What the YAML parser refuses. */
export function syntaxProblems(document: YamlDocument, place: TextPlace): readonly Problem[] {
  return document.errors.map((found) => {
    const { code, message } = CODES[found.code] ?? { code: 'yaml-syntax', message: inLowerCase(found.message.replace(REPEATED_SOURCE, '')) };
    return textProblem(code, place, found.pos[0], message);
  });
}

/** What YAML allows and a cluster file does not: duplicate keys, anchors, aliases, tags, substitution, secrets. */
export function refusedNodes(document: YamlDocument, place: TextPlace): readonly Problem[] {
  const problems: Problem[] = [];
  visit(document, (_key, node) => {
    if (isMap(node)) problems.push(...refusedKeys(node, place));
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

function refusedKeys(map: YAMLMap, place: TextPlace): readonly Problem[] {
  const seen = new Set<string>();
  return map.items.flatMap(({ key }) => {
    if (!isScalar(key)) return [];
    const name = String(key.value);
    const isAgain = seen.has(name);
    seen.add(name);
    const offset = key.range?.[0] ?? 0;
    // An own `__proto__` is dropped unseen by some copies of an object, and set as the prototype by others.
    if (name === '__proto__') return [textProblem('yaml-key', place, offset, 'the key __proto__ is used')];
    return isAgain ? [textProblem('yaml-duplicate-key', place, offset, `the key ${shown(name)} stands twice in one map`)] : [];
  });
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
