import { knownVersions } from '../../src/catalogue/catalogue.ts';

/** One runner: a program whose exit code is one test, or a vitest project whose tests are counted one by one. */
export type Check = { readonly name: string; readonly command: readonly [program: string, ...args: string[]] } | { readonly name: string; readonly vitestProject: string };

/** Checks that belong together. Tiers run one after the other, the checks of a tier at most `atOnce` at a time. */
export interface Tier {
  readonly name: string;
  readonly checks: readonly Check[];
  readonly atOnce: number;
  /** Needs the lab, so Linux and root. */
  readonly onTheLab?: boolean;
  /** When it fails, the tiers after it cannot run and count as failed. */
  readonly blocking?: boolean;
}

const bin = (name: string): string => `node_modules/.bin/${name}`;
/** What a check keeps of its last run, by the contents of files; a clean checkout has none. */
const cached = (name: string): string => `node_modules/.cache/${name}`;
const script = (name: string, ...args: string[]): readonly [string, ...string[]] => [bin('tsx'), `scripts/${name}.ts`, ...args];

/** Longest first, so that two at a time end early. */
const fast: Tier = {
  name: 'fast',
  atOnce: 2,
  checks: [
    { name: 'unit', vitestProject: 'unit' },
    { name: 'types', command: [bin('tsc'), '-p', '.'] },
    { name: 'protocol', vitestProject: 'protocol' },
    { name: 'dead code', command: [bin('knip'), '--no-progress', '--cache', '--cache-location', cached('knip')] },
    {
      name: 'layers',
      command: [bin('depcruise'), '--config', '.dependency-cruiser.mjs', '--cache', cached('dependency-cruiser'), '--cache-strategy', 'content', 'src', 'scripts'],
    },
    { name: 'lint', command: [bin('oxlint')] },
    { name: 'format', command: [bin('oxfmt'), '--check'] },
    { name: 'generated', command: script('generate-docs', '--check') },
    { name: 'build', command: script('build') },
  ],
};

/** Tests hold what is built from Go modules. Builds what is missing in the cache: a quarter of an hour at the first time. */
const ready: Tier = { name: 'ready', atOnce: 1, blocking: true, checks: [{ name: 'artifacts ensure', command: ['bin/kubewright', 'artifacts', 'ensure', '--source', 'go'] }] };
/** Every release of the catalogue: what they share is built once. */
const readyAll: Tier = {
  ...ready,
  checks: knownVersions().map((version) => ({
    name: `artifacts ensure ${version}`,
    command: ['bin/kubewright', 'artifacts', 'ensure', '--source', 'go', '--kubernetes', version],
  })),
};
const artifacts: Tier = { name: 'artifacts', atOnce: 1, checks: [{ name: 'artifacts', vitestProject: 'artifacts' }] };
const e2e: Tier = { name: 'e2e', atOnce: 1, onTheLab: true, checks: [{ name: 'e2e', vitestProject: 'e2e' }] };
/**
 * What `make test` has no time for (20 minutes on two processors), and what only longer runs show: each control plane's power, the other moments of a kill, all corruptions of a living
 * cluster where e2e has six, five control planes, the other half of the story (one control plane as the endpoint), kubeadm's own leaks, each kind of action held against what it predicts, machines that reach no network, the other releases
 * of the catalogue, figures.
 */
const soak: Tier = { name: 'soak', atOnce: 1, onTheLab: true, checks: [{ name: 'soak', vitestProject: 'soak' }] };

/** Every point of the crash sweep and many cases of the planner's properties, of which the fast tier takes a few. */
const sweep: Tier = {
  name: 'sweep',
  atOnce: 1,
  checks: [{ name: 'sweep', command: ['env', 'KUBEWRIGHT_SWEEP=all', bin('vitest'), 'run', '--project', 'unit', 'src/sim', 'src/planning'] }],
};

/** What `make test-fast`, `make test` and `make soak` run. */
export const suites = {
  fast: [fast],
  test: [fast, ready, artifacts, e2e],
  soak: [sweep, readyAll, artifacts, soak],
} as const satisfies Record<string, readonly Tier[]>;

export type SuiteName = keyof typeof suites;
