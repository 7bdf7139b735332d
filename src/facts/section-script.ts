/** One question of a script and the shell whose output answers it. Names are safe as file names. */
export interface ScriptSection {
  readonly name: string;
  readonly shell: string;
}

/** Shell that makes `$d`, a directory in memory that goes when the script ends. */
export const OWN_DIRECTORY = [
  'export LC_ALL=C PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  `umask 077; mkdir -p /run/kubewright; d=$(mktemp -d /run/kubewright/read.XXXXXX); trap 'rm -rf "$d"' EXIT`,
].join('\n');

/** Shell that runs one section and keeps its output, complaints and exit code as files in `$d`. */
export function runSection({ name, shell }: ScriptSection): string {
  return `( ( ${shell}\n) > "$d/${name}" 2> "$d/${name}.error" </dev/null; echo $? > "$d/${name}.exit" )`;
}

/**
 * Shell that prints the sections that have run as one JSON object: under each name what the section printed, under `NAME.exit` its exit code,
 * under `NAME.error` what it complained of, all base64.
 */
export function printSections(names: readonly string[]): string {
  const entry = (key: string, read: string): string => `printf '"${key}":"'; ${read} | base64 -w0; printf '"'`;
  const printed = names.flatMap((name) => [
    entry(name, `cat "$d/${name}"`),
    entry(`${name}.exit`, `cat "$d/${name}.exit"`),
    entry(`${name}.error`, `tail -c 2000 "$d/${name}.error"`),
  ]);
  return ["printf '{'", printed.join("; printf ','\n"), "printf '}\\n'"].join('\n');
}

/** Shell that runs the sections side by side and prints their answers. */
export function sectionsShell(sections: readonly ScriptSection[]): string {
  return [...sections.map((section) => `${runSection(section)} &`), 'wait', printSections(sections.map(({ name }) => name))].join('\n');
}

/** A whole script: the sections side by side, each a round trip of its own to whoever answers. */
export function sectionScript(sections: readonly ScriptSection[]): string {
  return `${OWN_DIRECTORY}\n${sectionsShell(sections)}`;
}

/** What one section answered. */
export interface SectionAnswer {
  readonly exitCode: number;
  readonly output: string;
  /** Last line of its complaints. */
  readonly complaint: string;
}

/** Exit code of a shell that did not find the program. */
export const PROGRAM_MISSING = 127;

/** The answer of a section; undefined where the answer has none of that name. */
export function sectionAnswer(sections: ReadonlyMap<string, string>, name: string): SectionAnswer | undefined {
  const output = sections.get(name);
  const exit = sections.get(`${name}.exit`)?.trim();
  if (output === undefined || exit === undefined || exit === '') return undefined;
  const lines = (sections.get(`${name}.error`) ?? '').split('\n').filter((line) => line.trim() !== '');
  return { exitCode: Number(exit), output, complaint: lines.at(-1) ?? '' };
}
