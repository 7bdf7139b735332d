/** Lines of a section, without empty ones. */
export function linesOf(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '');
}

/** Fields between `|`; the last takes the rest. */
export function fieldsOf(line: string, count: number): readonly string[] {
  const parts = line.split('|');
  return parts.length <= count ? parts : [...parts.slice(0, count - 1), parts.slice(count - 1).join('|')];
}

export function decodeBase64(text: string): string {
  return Buffer.from(text, 'base64').toString('utf8');
}

/** The sections of an observation's answer, by name, decoded. Throws a plain error when the answer is not of the script's form. */
export function sectionsOf(answer: string): ReadonlyMap<string, string> {
  const parsed: unknown = JSON.parse(answer);
  if (typeof parsed !== 'object' || parsed === null) throw new Error('the answer is not an object');
  return new Map(Object.entries(parsed).map(([name, value]) => [name, typeof value === 'string' ? decodeBase64(value) : '']));
}
