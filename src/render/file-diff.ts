import { structuredPatch } from 'diff';
import type { ContentJson, PlanFileJson, PlanJson } from '../contract/plan.ts';
import type { Paint } from './paint.ts';
import { harmless } from './paint.ts';

const CONTEXT_LINES = 3;

/** A file as a plan shows it: where it goes, and what changes in it line by line. */
export function fileLines(file: PlanFileJson, texts: PlanJson['texts'], paint: Paint): readonly string[] {
  const after = contentText(file.content, texts);
  return [`${file.path}  ${paint.dim(`${file.mode} ${file.owner}`)}${note(file, after)}`, ...diffLines(file.before ?? '', after).map((line) => `  ${paintLine(line, paint)}`)];
}

/** The bytes as far as the plan knows them: what exists only during the run is named in its place. */
function contentText(content: ContentJson, texts: PlanJson['texts']): string {
  if ('slot' in content) return `‹${content.shown}›\n`;
  return content.map((part) => ('text' in part ? (texts[part.text] ?? `‹text ${part.text}›`) : `‹${part.shown}›`)).join('');
}

function note({ before, isNew }: PlanFileJson, after: string): string {
  if (isNew === true) return '  (new)';
  if (before === after) return '  (mode or owner only)';
  return isNew === false && before === undefined ? '  (what it holds now was not read)' : '';
}

function diffLines(before: string, after: string): readonly string[] {
  const { hunks } = structuredPatch('', '', before, after, undefined, undefined, { context: CONTEXT_LINES });
  // A file written anew is all one hunk: its header says nothing.
  return hunks.flatMap(({ oldStart, oldLines, newStart, newLines, lines }) => [...(before === '' ? [] : [`@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`]), ...lines]);
}

function paintLine(line: string, paint: Paint): string {
  const clean = harmless(line);
  if (line.startsWith('+')) return paint.green(clean);
  if (line.startsWith('-')) return paint.red(clean);
  return line.startsWith('@@') ? paint.cyan(clean) : clean;
}
