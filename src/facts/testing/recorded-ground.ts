import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseGround } from '../ground/parse-ground.ts';
import type { GroundFacts } from '../ground/ground-facts.ts';

/** What a machine on which nothing is installed printed. */
export const groundText = readFileSync(join(import.meta.dirname, 'recorded', 'ground.txt'), 'utf8');

/** The recorded machine with lines changed: each `[from, to]` must be there; an empty `from` adds a line. */
export function groundWith(...changes: readonly (readonly [from: string, to: string])[]): GroundFacts {
  const text = changes.reduce((now, [from, to]) => {
    if (!now.includes(from)) throw new Error(`${JSON.stringify(from)} was not recorded`);
    return from === '' ? `${now}${to}\n` : now.replace(from, to);
  }, groundText);
  const facts = parseGround(text);
  if (facts === undefined) throw new Error('nothing was recorded');
  return facts;
}
