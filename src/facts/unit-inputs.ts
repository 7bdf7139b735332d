import type { FileFact } from './host-facts.ts';

/** Stands in `UnitFact.startedWith` of predicted facts where a step starts the unit with inputs that are known only then. */
export const STARTED_LATER = 'known after the step';

/** One line of a unit's record, as `record-inputs` on the host writes it: `PATH sha256`, `PATH link:TARGET` or `PATH absent`. */
function inputLine(path: string, file: FileFact): string | undefined {
  if (file.type === 'later') return undefined;
  if (file.type === 'file') return `${path} ${file.sha256}`;
  return file.type === 'link' ? `${path} link:${file.target}` : `${path} absent`;
}

/** What the record of a unit started now would hold; undefined where a file's bytes are known only after a step. */
export function inputsRecord(inputs: readonly (readonly [path: string, file: FileFact])[]): string | undefined {
  const lines = inputs.map(([path, file]) => inputLine(path, file));
  return lines.some((line) => line === undefined) ? undefined : `${lines.join('\n')}\n`;
}
