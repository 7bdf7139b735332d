import { AppError } from '../../errors/app-error.ts';

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

/** A machine's answer that is not of the form of the script that it was given. */
export function unreadable(why: string): AppError {
  return new AppError('remote-failed', `what the machine answered cannot be read: ${why}`, { retry: 'safe' });
}

/** The sections of an observation's answer, by name, decoded: texts come as base64, exit codes as numbers. Throws `remote-failed` when the answer is not of the script's form. */
export function sectionsOf(answer: string): ReadonlyMap<string, string> {
  const parsed = parseObject(answer);
  return new Map(
    Object.entries(parsed).map(([name, value]) => {
      if (typeof value === 'number') return [name, String(value)];
      if (typeof value !== 'string') throw unreadable(`section ${name} is no text`);
      return [name, decodeBase64(value)];
    }),
  );
}

function parseObject(answer: string): object {
  let parsed: unknown;
  try {
    parsed = JSON.parse(answer);
  } catch (cause) {
    throw unreadable(answer === '' ? 'it is empty' : `it is not JSON (${answer.length} characters: ${cause instanceof Error ? cause.message : String(cause)})`);
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw unreadable('it is not an object');
  return parsed;
}
