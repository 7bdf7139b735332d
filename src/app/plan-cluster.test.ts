import { describe, expect, it } from 'vitest';
import { findRelease } from '../catalogue/catalogue.ts';
import type { Release } from '../catalogue/release.ts';
import { AppError } from '../errors/app-error.ts';
import { encoded, recorded } from '../facts/testing/recorded-answers.ts';
import { digestOfCluster } from '../model/cluster-digest.ts';
import { laneId } from '../plan/plan.ts';
import { deployProbes } from '../planning/plan-deploy.ts';
import { artifactRefsOf, foretoldArtifactRefs } from './artifact-refs.ts';
import type { ArtifactSource } from './artifact-source.ts';
import { sourceAtHand } from './artifact-source.ts';
import type { LoadedCluster } from './cluster-file.ts';
import { planCluster } from './plan-cluster.ts';
import type { Consent } from './preflight.ts';
import { demoCluster } from './testing/demo-cluster.ts';
import { readingHost } from './testing/reading-host.ts';

const release = findRelease('1.36.3') as Release;
const loaded: LoadedCluster = { path: 'cluster.yaml', cluster: demoCluster, release, desired: digestOfCluster(demoCluster), warnings: [] };
const made = new Map(
  [...foretoldArtifactRefs(release)].map(([name, ref]) => [name, { ...ref, name: name as never, path: `/cache/${ref.fileName}`, sha256: `digest of ${name}`, sizeBytes: 7 }]),
);

/** Nothing is installed there; the addresses and all else are a recorded machine's. It has nothing for preflight to judge. */
const bare = (): string => {
  const installed = ['links', 'sha256', 'texts', 'units', 'inputs', 'packages', 'images', 'processes', 'kubeconfigs', 'podhosts', 'runs', 'lock', 'ground'];
  const stat = recorded('worker')['stat']?.trimEnd().split('\n').at(-1) ?? '';
  return encoded({ ...recorded('worker'), stat: `${stat}\n`, ...Object.fromEntries(installed.map((section) => [section, ''])) });
};

/** Each way in which a machine may answer. */
const answers: Readonly<Record<string, (name: string) => string>> = {
  bare,
  unreachable: (name) => {
    throw new AppError('host-unreachable', `${name} refused the login`, { hint: `try by hand: ssh root@${name} true`, details: ['Permission denied (publickey).'] });
  },
};

async function planOn(world: Readonly<Record<string, keyof typeof answers>>, missing: number, allowed?: readonly Consent[]) {
  const log: string[] = [];
  const machines = demoCluster.nodes.map(({ name }) => {
    const answer = answers[world[name] ?? 'bare'] ?? bare;
    const read = (): string => {
      log.push(`look at ${name}`);
      return answer(name);
    };
    return [laneId(name), readingHost(name, read)] as const;
  });
  const artifacts: ArtifactSource = {
    ...sourceAtHand(release, made),
    cost: 'building takes a quarter of an hour',
    countMissing: async () => missing,
    obtain: async () => {
      log.push('build');
      return made;
    },
  };
  const lines: string[] = [];
  const onProgress = (line: string): void => void lines.push(line);
  const context = { fleet: new Map(machines), signal: new AbortController().signal, onProgress, artifacts, ...(allowed !== undefined && { consents: { allowed } }) };
  const result = await planCluster(loaded, context).catch((error: unknown) => error);
  return { log, lines, result };
}

describe('a first plan, with an empty cache', () => {
  it('looks at the machines before it builds, and again afterwards', async () => {
    const { log, lines, result } = await planOn({}, 18);
    expect(result).toHaveProperty('plan');
    const looks = demoCluster.nodes.map(({ name }) => `look at ${name}`);
    expect(log).toEqual([...looks, 'build', ...looks]);
    expect(lines).toContainEqual(expect.stringMatching(/^18 artifacts .*a quarter of an hour.*kubewright artifacts ensure/));
  });

  it('tells of a machine that is not reached before it builds, with what ssh said and what to do', async () => {
    const { log, result } = await planOn({ 'cp-2': 'unreachable' }, 18);
    expect(result).toMatchObject({
      code: 'host-unreachable',
      exitCode: 4,
      answer: {
        findings: [{ code: 'machine-not-reached', node: 'cp-2', evidence: ['cp-2 refused the login', 'Permission denied (publickey).'], fix: 'try by hand: ssh root@cp-2 true' }],
      },
    });
    expect(log).not.toContain('build');
  });
});

it.each<Consent>([{ code: 'nonsense' }, { code: 'swap-on', node: 'nobody' }])('asks no machine for a consent that names nothing: %j', async (consent) => {
  const { log, result } = await planOn({}, 0, [consent]);
  expect(result).toMatchObject({ code: 'usage' });
  expect(log).toEqual([]);
});

it('looks once where the artifacts are there', async () => {
  const { log, lines, result } = await planOn({}, 0);
  expect(result).toHaveProperty('plan');
  expect(log.filter((line) => line === 'look at cp-1')).toHaveLength(1);
  expect(lines).toEqual(['looking at 4 machines']);
});

it('asks machines the same whether or not the digests are known', () => {
  const input = { cluster: demoCluster, desired: '', release };
  expect(deployProbes({ ...input, artifacts: foretoldArtifactRefs(release) })).toEqual(deployProbes({ ...input, artifacts: artifactRefsOf(made) }));
});

it('refuses machines that are to fetch what is published nowhere, before it looks at any', async () => {
  const cluster = { ...demoCluster, wide: { ...demoCluster.wide, pull: {} } };
  const unasked = readingHost('cp-1', () => {
    throw new Error('it was looked at');
  });
  const fleet = new Map(cluster.nodes.map(({ name }) => [laneId(name), unasked]));
  const planning = planCluster({ ...loaded, cluster }, { fleet, signal: new AbortController().signal, onProgress: () => undefined, artifacts: sourceAtHand(release, made) });
  await expect(planning).rejects.toMatchObject({ code: 'refused', exitCode: 5, hint: expect.stringContaining('--source upstream') as string });
});
