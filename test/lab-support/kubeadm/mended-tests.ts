import { beforeAll, describe, expect, it } from 'vitest';
import type { Remaining } from '../attempts.ts';
import { auditFrom, auditedFrom } from '../audit.ts';
import type { Audited } from '../audit.ts';
import { nodesOf } from '../cluster-objects.ts';
import type { Ended } from '../kubewright.ts';
import { kubectl } from '../operator-kubectl.ts';
import { offerName } from '../probe-pods.ts';
import { allGood } from '../samples.ts';
import type { Sample, Watched } from '../samples.ts';
import { joinFirstAgain, joinWorkerAgain } from './join-again.ts';
import { failuresOf, mend, nameInPods, removeWatched, unexplained } from './story-tests.ts';
import { advertised, apiEndpoints, awaitWell, tellAgain } from './story.ts';
import type { Story } from './story.ts';

const AFTERWARDS = 'made-afterwards';
const NEWS_MS = 30_000;

export interface MendedStory {
  readonly storyOf: () => Story;
  /** What the audit found before, and what is to be found no more. */
  readonly codes: readonly string[];
  /** What is special to this flaw once it is mended: more tests. */
  readonly more: () => void;
}

/** From the beginning again: `audit --fix` while the cluster is used, then the same removal of the first control plane, which hurts nobody any more. */
export function mendedTests({ storyOf, codes, more }: MendedStory): void {
  let fix: Watched<Ended>;
  let audited: Audited;
  let remaining: Remaining;

  beforeAll(async () => {
    await tellAgain();
    remaining = await awaitWell(storyOf(), storyOf().cluster.machines);
    fix = await mend(storyOf(), remaining);
    audited = await auditedFrom(storyOf().worker);
  });

  it('ends with 0, and so does the audit afterwards', () => {
    expect(fix.result.exitCode, `${fix.result.stderr}\n${fix.result.stdout}`).toBe(0);
    expect(audited.exitCode, JSON.stringify(audited.report, undefined, 1)).toBe(0);
    expect(audited.codes.filter((code) => codes.includes(code))).toEqual([]);
  });

  it('no request failed, but for those that were bound to the one API server that was started anew', () => {
    expect(unexplained(fix)).toEqual([]);
  });

  it('there is nothing left to mend', async () => {
    const { exitCode, stdout } = await auditFrom(storyOf().first, '--fix', '--dry-run', '-o', 'json');
    expect({ exitCode, steps: (JSON.parse(stdout) as { readonly steps: readonly unknown[] }).steps }).toEqual({ exitCode: 0, steps: [] });
  });

  more();

  describe('the same removal', () => {
    let samples: ReadonlyMap<string, readonly Sample[]>;

    beforeAll(async () => {
      if (fix.result.exitCode !== 0) throw new Error('nothing was mended');
      remaining = { ...remaining, machines: storyOf().others };
      samples = await removeWatched(storyOf(), remaining, async () => offerName(storyOf().operator, AFTERWARDS));
    });

    it('kubectl on every node, the API by its service, names and metrics go on', () => {
      expect(failuresOf(samples)).toEqual([]);
    });

    it('pods resolve the name of a new service', async () => {
      await expect(allGood(nameInPods(remaining, AFTERWARDS), NEWS_MS)).resolves.toBeUndefined();
    });

    it('a CoreDNS that starts comes up', async () => {
      const { operator } = storyOf();
      await kubectl(operator, '--namespace', 'kube-system', 'rollout', 'restart', 'deployment', 'coredns');
      expect(await kubectl(operator, '--namespace', 'kube-system', 'rollout', 'status', 'deployment', 'coredns', '--timeout=120s')).toContain('successfully rolled out');
    });

    it('a worker joins', async () => {
      const { worker, operator } = storyOf();
      await joinWorkerAgain(storyOf());
      expect((await nodesOf(operator)).find(({ name }) => name === worker.name)).toMatchObject({ isReady: true, addresses: [worker.address] });
    });

    it('a control plane joins, and advertises its own address', async () => {
      const { first, controlPlanes, operator } = storyOf();
      await joinFirstAgain(storyOf());
      expect(await advertised(first)).toBe(first.address);
      expect(await apiEndpoints(operator)).toEqual(controlPlanes.map(({ address }) => address).toSorted());
    });
  });
}
