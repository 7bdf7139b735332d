import type { ArtifactEvent } from '../artifacts/progress.ts';

const SECOND_MS = 1000;

/** Says what happens to artifacts, one line for each thing worth reading: nothing about what was there before. */
export function artifactNarrator(onLine: (line: string) => void): (event: ArtifactEvent) => void {
  const told = new Map<string, string>();
  return (event) => {
    const { artifact, phase, detail = '' } = event;
    // Details of work come by the hundred; whom a waiting artifact waits for is said each time that it changes.
    const news = phase === 'waiting' ? `waiting: ${detail}` : phase;
    const before = told.get(artifact);
    told.set(artifact, news);
    const isIdle = phase === 'waiting' && detail === '';
    const wasThere = phase === 'ready' && before === undefined;
    if (news !== before && !isIdle && !wasThere) onLine(`${artifact}: ${wordsOf(event)}`);
  };
}

function wordsOf({ phase, detail, elapsedMs }: ArtifactEvent): string {
  if (phase === 'ready') return `ready after ${Math.round(elapsedMs / SECOND_MS)}s`;
  return detail === undefined ? phase : `${phase}: ${detail}`;
}
