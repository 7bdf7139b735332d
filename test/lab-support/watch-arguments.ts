import { readFileSync, readdirSync } from 'node:fs';

const LOOK_EVERY_MS = 150;
const PROCESS = /^\d+$/;

/** Command lines seen so far, each once. */
export interface ArgumentWatch {
  readonly seen: ReadonlySet<string>;
  stop(): void;
}

/**
 * Looks again and again at the arguments of every process of this host: those of the tool and its connections, and of the lab's machines, whose processes this host sees.
 * What lives shorter than a look may be missed.
 */
export function watchArguments(): ArgumentWatch {
  const seen = new Set<string>();
  const look = (): void => {
    for (const line of commandLines()) seen.add(line);
  };
  const timer = setInterval(look, LOOK_EVERY_MS);
  return { seen, stop: () => clearInterval(timer) };
}

function commandLines(): readonly string[] {
  return readdirSync('/proc').flatMap((entry) => (PROCESS.test(entry) ? readArguments(entry) : []));
}

function readArguments(process: string): readonly string[] {
  try {
    return [readFileSync(`/proc/${process}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()];
  } catch {
    // It has ended since it was listed.
    return [];
  }
}
