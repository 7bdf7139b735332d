import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { markdownTable } from './markdown-table.ts';

const RESULTS = join(import.meta.dirname, '..', '..', 'bench', 'results');
const seconds = (value: number): string => `${value.toFixed(1)} s`;

const floorFigures = z.object({
  medianSeconds: z.object({ floor: z.number(), apply: z.number() }),
  ratio: z.number(),
  rounds: z.array(z.object({ floorSeconds: z.number(), applySeconds: z.number(), applyMemoryMb: z.number() })),
});
const deploymentFigures = z.object({
  applySeconds: z.number(),
  verifySeconds: z.number(),
  applyWithoutChangeSeconds: z.number(),
  planSeconds: z.number(),
  traffic: z.array(z.object({ host: z.string(), roundTrips: z.number(), sent: z.string(), received: z.string() })),
});
const planFigures = z.object({ nodes: z.record(z.string(), z.object({ wallMs: z.number(), cpuMs: z.number() })) });
const startFigures = z.object({ medianMs: z.record(z.string(), z.number()) });

/** `docs/performance.md`: what `make bench` and `make soak` have measured last. */
export function performancePage(): string {
  return (
    [
      '# Performance',
      'Generated from `bench/results/` by `make generate`: do not edit. Measured on one machine with two processors that ran the lab machines too: read ratios, not seconds.',
      section('floor', 'make bench', floorFigures, floorText),
      section('deployment', 'make soak', deploymentFigures, deploymentText),
      section('plan-size', 'make bench', planFigures, planText),
      section('start-up', 'make bench', startFigures, startText),
    ].join('\n\n') + '\n'
  );
}

/** One file of results; one that was not measured yet says so. */
function section<T>(name: string, command: string, schema: z.ZodType<T>, textOf: (figures: T) => readonly [title: string, ...paragraphs: string[]]): string {
  const path = join(RESULTS, `${name}.json`);
  if (!existsSync(path)) return `## ${name}\n\nNot measured yet: \`${command}\` writes \`bench/results/${name}.json\`.`;
  const found = z
    .object({ measuredAt: z.string() })
    .and(schema)
    .parse(JSON.parse(readFileSync(path, 'utf8')));
  const [title, ...paragraphs] = textOf(found);
  return [`## ${title}`, `\`${command}\`, ${found.measuredAt.slice(0, 10)}, \`bench/results/${name}.json\`.`, ...paragraphs].join('\n\n');
}

function floorText({ medianSeconds, ratio, rounds }: z.infer<typeof floorFigures>): readonly [string, ...string[]] {
  const rows = rounds.map(({ floorSeconds, applySeconds, applyMemoryMb }, index) => [String(index + 1), seconds(floorSeconds), seconds(applySeconds), `${applyMemoryMb} MB`]);
  return [
    'apply against a plain script',
    '`bench/floor.sh` makes the same cluster of three control planes and a worker from the same files, as fast as a shell can that knows everything beforehand; both end with `bench/outside-check.sh`, on machines made anew each time, in turn.',
    markdownTable(['round', 'floor', 'apply', "memory of apply's processes"], rows),
    `Medians: ${seconds(medianSeconds.floor)} and ${seconds(medianSeconds.apply)}, ratio **${ratio}**.`,
  ];
}

function deploymentText({ applySeconds, verifySeconds, applyWithoutChangeSeconds, planSeconds, traffic }: z.infer<typeof deploymentFigures>): readonly [string, ...string[]] {
  const rows = [
    ['apply from bare machines', seconds(applySeconds)],
    ['apply without a change', seconds(applyWithoutChangeSeconds)],
    ['plan', seconds(planSeconds)],
    ['verify', seconds(verifySeconds)],
  ];
  return [
    'A cluster of four machines',
    markdownTable(['what', 'takes'], rows),
    markdownTable(
      ['machine', 'round trips', 'sent', 'received'],
      traffic.map(({ host, roundTrips, sent, received }) => [host, String(roundTrips), sent, received]),
    ),
  ];
}

function planText({ nodes }: z.infer<typeof planFigures>): readonly [string, ...string[]] {
  const rows = Object.entries(nodes).map(([count, { wallMs, cpuMs }]) => [count, `${wallMs} ms`, `${cpuMs} ms`]);
  return ['plan of a cluster without a change', 'Simulated machines, observed and planned.', markdownTable(['nodes', 'by the clock', 'of the processor'], rows)];
}

function startText({ medianMs }: z.infer<typeof startFigures>): readonly [string, ...string[]] {
  return [
    'Start',
    markdownTable(
      ['program', 'median'],
      Object.entries(medianMs).map(([program, ms]) => [`\`${program}\``, `${ms} ms`]),
    ),
  ];
}
