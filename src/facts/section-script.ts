/** One question of a script and the shell whose output answers it. Names are safe as file names. */
export interface ScriptSection {
  readonly name: string;
  readonly shell: string;
}

/** Shell that makes `$d`, a directory in memory that goes when the script ends; without one the script answers nothing: its sections would write elsewhere. */
export const OWN_DIRECTORY = [
  'export LC_ALL=C PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  `umask 077; mkdir -p /run/kubewright; d=$(mktemp -d /run/kubewright/read.XXXXXX) || exit 1; trap 'rm -rf "$d"' EXIT`,
].join('\n');

/** Shell that runs one section and keeps its output, complaints and exit code as files in `$d`. */
export function runSection({ name, shell }: ScriptSection): string {
  return `( ( ${shell}\n) > "$d/${name}" 2> "$d/${name}.error" </dev/null; echo $? > "$d/${name}.exit" )`;
}

/**
 * Shell that prints the sections that have run as one JSON object: under each name what the section printed and, where it complained, under `NAME.error` its
 * last words, both base64; under `NAME.exit` its exit code, a number. One process for each section: an observation has many, on machines that have other work.
 */
export function printSections(names: readonly string[]): string {
  const printed = names.map((name) =>
    [
      `{ read -r x < "$d/${name}.exit"; } 2>/dev/null && printf '"${name}.exit":%s,' "$x"`,
      `printf '"${name}":"'; base64 -w0 < "$d/${name}"; printf '"'`,
      `[ -s "$d/${name}.error" ] && { printf ',"${name}.error":"'; tail -c 2000 "$d/${name}.error" | base64 -w0; printf '"'; }`,
    ].join('\n'),
  );
  return ["printf '{'", printed.join("\nprintf ','\n"), "printf '}\\n'"].join('\n');
}

/** Shell that runs the sections side by side, then those that read in `$d` what the first have printed, and prints the answers of all. */
export function sectionsShell(sections: readonly ScriptSection[], after: readonly ScriptSection[] = []): string {
  const sideBySide = (some: readonly ScriptSection[]): readonly string[] => (some.length === 0 ? [] : [...some.map((section) => `${runSection(section)} &`), 'wait']);
  return [...sideBySide(sections), ...sideBySide(after), printSections([...sections, ...after].map(({ name }) => name))].join('\n');
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
