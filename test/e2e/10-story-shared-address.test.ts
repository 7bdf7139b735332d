import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askApiService, operatorTry } from '../lab-support/attempts.ts';
import type { Remaining } from '../lab-support/attempts.ts';
import { auditFrom, auditedFrom, errorsOf, findingsOf } from '../lab-support/audit.ts';
import type { Audited } from '../lab-support/audit.ts';
import { nodesOf } from '../lab-support/cluster-objects.ts';
import { joinFirstAgain, joinWorkerAgain } from '../lab-support/kubeadm/join-again.ts';
import { STORY_LAB } from '../lab-support/kubeadm/story-lab.ts';
import { mend, nameInPods, removeWatched, successesFor, unexplained } from '../lab-support/kubeadm/story-tests.ts';
import { apiEndpoints, awaitWell, beginStory, tellAgain } from '../lab-support/kubeadm/story.ts';
import type { Story } from '../lab-support/kubeadm/story.ts';
import type { Ended } from '../lab-support/kubewright.ts';
import { read } from '../lab-support/on-machine.ts';
import { kubectl, kubectlJson } from '../lab-support/operator-kubectl.ts';
import { offerName } from '../lab-support/probe-pods.ts';
import { argumentsOf } from '../lab-support/process-starts.ts';
import { removeControlPlane } from '../lab-support/remove-control-plane.ts';
import { allGood, failed } from '../lab-support/samples.ts';
import type { Sample, Watched } from '../lab-support/samples.ts';
import { scratchDirectory } from '../lab-support/scratch-directory.ts';
import { clearLab } from '../lab-support/test-lab.ts';
import type { Machine } from '../lab-support/test-lab.ts';

const CODE = 'shared-advertise-address';
const MANIFEST = '/etc/kubernetes/manifests/kube-apiserver.yaml';
/** Until then a CoreDNS, a metrics-server and a kube-proxy that hear from the API have what is new. */
const NEWS_MS = 30_000;
const AFTERWARDS = 'made-afterwards';

/** The address that the API server of a machine advertises, by its process. */
async function advertised(machine: Machine): Promise<string | undefined> {
  const [args = []] = await argumentsOf(machine, 'kube-apiserver');
  return args.findLast((word) => word.startsWith('--advertise-address='))?.split('=')[1];
}

/** The story (docs/story.md), told on real machines: L0 alone, the endpoint of this cluster is a name that outlives any machine. */
describe("a cluster of kubeadm's whose ClusterConfiguration has the address of one node", () => {
  const directory = scratchDirectory();
  let story: Story;

  beforeAll(async () => {
    story = await beginStory(CODE, directory);
  });

  afterAll(async () => clearLab(STORY_LAB));

  describe('as kubeadm has made it', () => {
    let audited: Audited;

    beforeAll(async () => {
      await awaitWell(story, story.cluster.machines);
      audited = await auditedFrom(story.worker);
    });

    it.each([1, 2])('kubeadm join --apiserver-advertise-address did not help control plane %i', async (index) => {
      const machine = story.controlPlanes[index]!;
      // kubeadm writes down what it was told, and does something else.
      expect(await read(machine, `cat ${MANIFEST}`)).toContain(`kube-apiserver.advertise-address.endpoint: ${machine.address}:6443`);
      expect(await advertised(machine)).toBe(story.first.address);
    });

    it('the service kubernetes leads to the first control plane alone', async () => {
      expect(await apiEndpoints(story.operator)).toEqual([story.first.address]);
    });

    it('the audit ends with 7 and names it, with each manifest, the field and the endpoints', () => {
      expect(audited.exitCode).toBe(7);
      const [finding, ...more] = findingsOf(audited, CODE);
      expect({ more, severity: finding?.severity }).toEqual({ more: [], severity: 'error' });
      const evidence = finding!.evidence.join('\n');
      expect(evidence).toMatch(/kube-system\/kubeadm-config.*advertise-address.*is 10\.88\.224\.11, the address of cp-1/);
      for (const { name, address } of story.controlPlanes)
        expect(evidence).toMatch(new RegExp(`${name}: ${MANIFEST}:\\d+: --advertise-address=${story.first.address}, the machine's own address is ${address}`));
      expect(evidence).toContain(`endpoints of default/kubernetes: ${story.first.address}`);
    });

    it('the audit holds nothing else for an error', () => {
      expect(errorsOf(audited)).toEqual([CODE]);
    });
  });

  describe('without the fix, the first control plane removed', () => {
    let remaining: Remaining;

    beforeAll(async () => {
      remaining = await awaitWell(story, story.others);
      await removeControlPlane({ victim: story.first, witness: story.witness, operator: story.operator });
      await offerName(story.operator, AFTERWARDS);
    });

    it('the service kubernetes still leads there, and nobody answers', async () => {
      expect(await apiEndpoints(story.operator)).toEqual([story.first.address]);
      expect(await successesFor(NEWS_MS, Object.fromEntries(story.others.map((machine) => [machine.name, () => askApiService(machine)])))).toEqual([]);
    });

    it('no pod can resolve the name of a new service', async () => {
      expect(await successesFor(NEWS_MS, nameInPods(remaining, AFTERWARDS))).toEqual([]);
    });

    it('there are no metrics', async () => {
      expect(await successesFor(NEWS_MS, { top: () => operatorTry(story.operator, 'top', 'nodes') })).toEqual([]);
    });

    it('a CoreDNS that starts does not come up, and no name resolves any more', async () => {
      await kubectl(story.operator, '--namespace', 'kube-system', 'delete', 'pods', '--selector', 'k8s-app=kube-dns');
      expect(await successesFor(NEWS_MS, nameInPods(remaining, 'echo'))).toEqual([]);
      const { status } = await kubectlJson<{ readonly status: { readonly readyReplicas?: number } }>(
        story.operator,
        ...['get', 'deployment', 'coredns', '--namespace', 'kube-system'],
      );
      expect(status.readyReplicas ?? 0).toBe(0);
    });
  });

  describe('with the fix', () => {
    let fix: Watched<Ended>;
    let audited: Audited;
    let remaining: Remaining;

    beforeAll(async () => {
      await tellAgain();
      remaining = await awaitWell(story, story.cluster.machines);
      fix = await mend(story, remaining);
      audited = await auditedFrom(story.worker);
    });

    it('ends with 0, and so does the audit afterwards', () => {
      expect(fix.result.exitCode, `${fix.result.stderr}\n${fix.result.stdout}`).toBe(0);
      expect(audited.exitCode, JSON.stringify(audited.report, undefined, 1)).toBe(0);
      expect(findingsOf(audited, CODE)).toEqual([]);
    });

    it('every manifest and every API server has its own address', async () => {
      for (const machine of story.controlPlanes) {
        expect(await read(machine, `sed -n 's/^ *- --advertise-address=//p' ${MANIFEST}`)).toBe(`${machine.address}\n`);
        expect(await advertised(machine)).toBe(machine.address);
      }
    });

    it('the service kubernetes leads to all three', async () => {
      expect(await apiEndpoints(story.operator)).toEqual(story.controlPlanes.map(({ address }) => address).toSorted());
    });

    it('what all share has the address of nobody, and what it was is kept', async () => {
      const text = await kubectl(story.operator, 'get', 'configmap', 'kubeadm-config', '--namespace', 'kube-system', '-o', 'jsonpath={.data.ClusterConfiguration}');
      expect(text).toContain('kind: ClusterConfiguration');
      expect(text).not.toContain('advertise-address');
    });

    it('no request failed, but for those that were bound to the one API server that was started anew', () => {
      expect(unexplained(fix)).toEqual([]);
    });

    it('there is nothing left to mend', async () => {
      const { exitCode, stdout } = await auditFrom(story.first, '--fix', '--yes');
      expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: expect.stringContaining('nothing to mend') as string });
    });

    describe('the same removal', () => {
      let samples: ReadonlyMap<string, readonly Sample[]>;

      beforeAll(async () => {
        samples = await removeWatched(story, { ...remaining, machines: story.others });
        await offerName(story.operator, AFTERWARDS);
      });

      it('kubectl on every node, the API by its service, names and metrics go on', () => {
        for (const [what, tries] of samples) expect(failed(tries), what).toEqual([]);
      });

      it('pods resolve the name of a new service', async () => {
        await expect(allGood(nameInPods({ ...remaining, machines: story.others }, AFTERWARDS), NEWS_MS)).resolves.toBeUndefined();
      });

      it('a CoreDNS that starts comes up', async () => {
        await kubectl(story.operator, '--namespace', 'kube-system', 'rollout', 'restart', 'deployment', 'coredns');
        const status = await kubectl(story.operator, '--namespace', 'kube-system', 'rollout', 'status', 'deployment', 'coredns', '--timeout=120s');
        expect(status).toContain('successfully rolled out');
      });

      it('a worker joins', async () => {
        await joinWorkerAgain(story);
        const node = (await nodesOf(story.operator)).find(({ name }) => name === story.worker.name);
        expect(node).toMatchObject({ isReady: true, addresses: [story.worker.address] });
      });

      it('a control plane joins, and advertises its own address', async () => {
        await joinFirstAgain(story);
        expect(await advertised(story.first)).toBe(story.first.address);
        expect(await apiEndpoints(story.operator)).toEqual(story.controlPlanes.map(({ address }) => address).toSorted());
      });
    });
  });
});
