import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pollUntil } from '../../src/util/poll.ts';
import { getNodes, operatorTry } from '../lab-support/attempts.ts';
import type { Remaining } from '../lab-support/attempts.ts';
import { auditedFrom, errorsOf, findingsOf } from '../lab-support/audit.ts';
import type { Audited } from '../lab-support/audit.ts';
import { nodesOf } from '../lab-support/cluster-objects.ts';
import { mendedTests } from '../lab-support/kubeadm/mended-tests.ts';
import { STORY_LAB } from '../lab-support/kubeadm/story-lab.ts';
import { nameInPods, successesFor } from '../lab-support/kubeadm/story-tests.ts';
import { awaitWell, beginStory } from '../lab-support/kubeadm/story.ts';
import type { Story } from '../lab-support/kubeadm/story.ts';
import { ask, read } from '../lab-support/on-machine.ts';
import { kubectl } from '../lab-support/operator-kubectl.ts';
import { offerName } from '../lab-support/probe-pods.ts';
import { removeControlPlane } from '../lab-support/remove-control-plane.ts';
import { scratchDirectory } from '../lab-support/scratch-directory.ts';
import { clearLab } from '../lab-support/test-lab.ts';

/** L1 to L6 by number: endpoint, cluster-info, admin.conf, kube-proxy, and the kubelet of the worker. */
const CODES = ['endpoint-of-one-node', 'cluster-info-of-one-node', 'admin-conf-of-one-node', 'kube-proxy-of-one-node', 'kubelet-of-one-node'];
const NEWS_MS = 30_000;
const NOT_READY_WITHIN_MS = 180_000;
const AFTERWARDS = 'made-afterwards';
const SHARED = [
  ['kube-system', 'kubeadm-config'],
  ['kube-system', 'kube-proxy'],
  ['kube-public', 'cluster-info'],
] as const;
const servers = (file: string): string => `sed -n 's/^ *server: //p' /etc/kubernetes/${file}`;

/** The other half of the story: no load balancer, so kubeadm writes the first control plane's address into everything that leads to the API. */
describe("a cluster of kubeadm's whose endpoint is its first control plane", () => {
  const directory = scratchDirectory();
  let story: Story;

  beforeAll(async () => {
    story = await beginStory('endpoint-of-one-node', directory);
  });

  afterAll(async () => clearLab(STORY_LAB));

  describe('as kubeadm has made it', () => {
    let audited: Audited;

    beforeAll(async () => {
      await awaitWell(story, story.cluster.machines);
      audited = await auditedFrom(story.worker);
    });

    it('the audit names all that leads there, and warns: it serves as long as that machine does', () => {
      for (const code of CODES)
        expect(
          findingsOf(audited, code).map(({ severity }) => severity),
          code,
        ).toEqual(expect.arrayContaining(['warning']));
      expect(errorsOf(audited)).toEqual([]);
    });

    it('all that leads to the API leads there', async () => {
      expect(await read(story.worker, servers('kubelet.conf'))).toContain(`https://${story.first.address}:6443`);
      for (const machine of story.controlPlanes) expect(await read(machine, servers('admin.conf')), machine.name).toContain(`https://${story.first.address}:6443`);
      for (const [namespace, name] of SHARED)
        expect(await kubectl(story.operator, 'get', 'configmap', name, '--namespace', namespace, '-o', 'yaml'), name).toContain(`${story.first.address}:6443`);
    });
  });

  describe('without the fix, the first control plane removed', () => {
    let remaining: Remaining;

    beforeAll(async () => {
      remaining = await awaitWell(story, story.others);
      await removeControlPlane({ victim: story.first, witness: story.witness, operator: story.operator });
      await offerName(story.operator, AFTERWARDS);
    });

    it('kubectl fails on every machine, though two API servers serve; no new service is reached from any pod', async () => {
      expect(await operatorTry(story.operator, 'get', 'nodes')).toMatchObject({ isGood: true });
      const attempts = { ...Object.fromEntries(story.others.map((machine) => [machine.name, () => getNodes(machine)])), ...nameInPods(remaining, AFTERWARDS) };
      expect(await successesFor(NEWS_MS, attempts)).toEqual([]);
    });

    it('nobody can join: the place that joins ask is gone', async () => {
      const server = (await read(story.worker, servers('kubelet.conf'))).trim();
      const { exitCode } = await ask(story.worker, `curl -ks --max-time 5 ${server}/api/v1/namespaces/kube-public/configmaps/cluster-info`);
      expect({ server, isReached: exitCode === 0 }).toEqual({ server: `https://${story.first.address}:6443`, isReached: false });
    });

    it('the worker is NotReady', async () => {
      const isLost = async (): Promise<true | undefined> =>
        (await nodesOf(story.operator)).some(({ name, isReady }) => name === story.worker.name && !isReady) ? true : undefined;
      await expect(pollUntil(isLost, { what: `node ${story.worker.name} to be NotReady`, deadlineMs: NOT_READY_WITHIN_MS, everyMs: 1000 })).resolves.toBe(true);
    });
  });

  describe('with the fix', () => {
    mendedTests({
      storyOf: () => story,
      codes: CODES,
      more: () => {
        it('nothing leads to another machine any more, and all lead to one name', async () => {
          for (const machine of [story.worker, ...story.controlPlanes])
            expect(await read(machine, 'cat /etc/hosts'), machine.name).toMatch(/127\.0\.0\.1\s+api\.\S+\.kubewright\.internal/);
          expect(await read(story.worker, servers('kubelet.conf'))).toMatch(/^https:\/\/api\.\S+\.kubewright\.internal:7443/);
          // The first control plane's own leads to the API server beside it, which is no other machine: it may stay.
          for (const machine of story.controlPlanes.filter(({ name }) => name !== story.first.name))
            expect(await read(machine, servers('admin.conf')), machine.name).toMatch(/^https:\/\/api\.\S+\.kubewright\.internal:7443/);
        });

        it('what all share has the address of nobody', async () => {
          for (const [namespace, name] of SHARED) {
            const text = await kubectl(story.operator, 'get', 'configmap', name, '--namespace', namespace, '-o', 'yaml');
            for (const { address } of story.cluster.machines) expect(text, name).not.toContain(`${address}:`);
          }
        });
      },
    });
  });
});
