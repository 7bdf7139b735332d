/** One question of a script and the shell whose output answers it. */
export interface ScriptSection {
  readonly name: string;
  readonly shell: string;
}

/**
 * Shell that runs the sections side by side and prints one JSON object: under each name what the section printed, under `NAME.exit` its exit
 * code, under `NAME.error` what it complained of, all base64. `$d` is a directory of the script's own; names are safe as file names.
 */
export function sectionsShell(sections: readonly ScriptSection[]): string {
  const started = sections.map(({ name, shell }) => `( ( ${shell}\n) > "$d/${name}" 2> "$d/${name}.error" </dev/null; echo $? > "$d/${name}.exit" ) &`);
  const printed = sections.map(({ name }, index) => `printf '${index === 0 ? '' : ','}"${name}":"'; base64 -w0 < "$d/${name}"; printf '","${name}.exit":"'; base64 -w0 < "$d/${name}.exit"; printf '","${name}.error":"'; head -c 2000 "$d/${name}.error" | base64 -w0; printf '"'`);
  return [...started, 'wait', "printf '{'", ...printed, "printf '}\\n'"].join('\n');
}

/** Shell that makes `$d`, a directory in memory that goes when the script ends. */
export const OWN_DIRECTORY = [
  'export LC_ALL=C PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  `umask 077; mkdir -p /run/kubewright; d=$(mktemp -d /run/kubewright/read.XXXXXX); trap 'rm -rf "$d"' EXIT`,
].join('\n');

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
  const exit = sections.get(`${name}.exit`);
  if (output === undefined || exit === undefined) return undefined;
  const lines = (sections.get(`${name}.error`) ?? '').split('\n').filter((line) => line.trim() !== '');
  return { exitCode: Number(exit), output, complaint: lines.at(-1) ?? '' };
}
