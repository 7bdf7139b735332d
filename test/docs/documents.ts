import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..');

/** A Markdown page of the repository. */
export interface Page {
  /** Relative to the repository, `docs/errors.md`. */
  readonly path: string;
  readonly text: string;
}

/** A line of shell that a page tells its reader to run, or a command named in a sentence. */
export interface NamedCommand {
  readonly page: string;
  readonly line: string;
}

const FENCE = /^```(?<language>\w*)\n(?<body>[\s\S]*?)^```$/gm;
const CODE_SPAN = /`([^`\n]+)`/g;
/** Shells end a command here: a pipe, a redirection, a list of commands, a comment. */
const COMMAND_END = /\s(?:[|>&;]|#|2>)/;

/** Every Markdown page that is written for readers: at the top of the repository and under docs/. */
export function pages(): readonly Page[] {
  const atTop = readdirSync(ROOT).filter((name) => name.endsWith('.md'));
  const inDocs = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.md'));
  return [...atTop, ...inDocs.map((name) => join('docs', name))].sort().map((path) => ({ path, text: readRepository(path) }));
}

/** Text of a file of the repository. */
export function readRepository(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** Lines of blocks marked `sh`: what readers run. */
export function runnableLines({ path, text }: Page): readonly NamedCommand[] {
  const blocks = [...text.matchAll(FENCE)].filter(({ groups }) => groups?.['language'] === 'sh');
  return blocks.flatMap(({ groups }) => (groups?.['body'] ?? '').split('\n').flatMap((line) => (line.trim() === '' ? [] : [{ page: path, line: line.trim() }])));
}

/** Code in sentences and tables. */
export function codeSpans({ path, text }: Page): readonly NamedCommand[] {
  return [...text.replaceAll(FENCE, '').matchAll(CODE_SPAN)].map(([, line = '']) => ({ page: path, line }));
}

/** The words behind `program` of a command line, up to the end of the command; undefined for another program's. */
export function argumentsOf(program: string, line: string): readonly string[] | undefined {
  const command = line.split(COMMAND_END, 1)[0] ?? '';
  const [first, ...words] = command.split(/\s+/);
  return first === program || first === `bin/${program}` ? words : undefined;
}

/** Paths that a page links to, without those outside the repository, each as the repository has it. */
export function linkedPaths({ path, text }: Page): readonly string[] {
  return [...text.matchAll(/\]\((?<target>[^)\s]+)\)/g)].flatMap(({ groups }) => {
    const target = groups?.['target'] ?? '';
    const [file = ''] = target.split('#');
    return /^[a-z]+:/.test(target) || file === '' ? [] : [join(dirname(path), file)];
  });
}
