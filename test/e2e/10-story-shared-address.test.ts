import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRepository, runnableLines } from '../docs/documents.ts';
import { askApiService, operatorTry } from '../lab-support/attempts.ts';
import type { Remaining } from '../lab-support/attempts.ts';
import { auditedFrom, errorsOf, findingsOf } from '../lab-support/audit.ts';
import type { Audited } from '../lab-support/audit.ts';
import { podsOf } from '../lab-support/cluster-objects.ts';
import type { SeenPod } from '../lab-support/cluster-objects.ts';
import { isOfSomebody, requestsSince } from '../lab-support/kubeadm/api-audit-log.ts';
import type { ApiRequest } from '../lab-support/kubeadm/api-audit-log.ts';
import { mendedTests } from '../lab-support/kubeadm/mended-tests.ts';
import { STORY_LAB } from '../lab-support/kubeadm/story-lab.ts';
import { nameInPods, successesFor } from '../lab-support/kubeadm/story-tests.ts';
import { advertised, apiEndpoints, awaitWell, beginStory } from '../lab-support/kubeadm/story.ts';
import type { Story } from '../lab-support/kubeadm/story.ts';
import { read } from '../lab-support/on-machine.ts';
import { kubectl } from '../lab-support/operator-kubectl.ts';
import { offerName } from '../lab-support/probe-pods.ts';
import { removeControlPlane } from '../lab-support/remove-control-plane.ts';
import { scratchDirectory } from '../lab-support/scratch-directory.ts';
import { clearLab } from '../lab-support/test-lab.ts';

const STORY_PAGE = { path: 'docs/story.md', text: readRepository('docs/story.md') };
const CODE = 'shared-advertise-address';
const MANIFEST = '/etc/kubernetes/manifests/kube-apiserver.yaml';
/** Until then a CoreDNS, a metrics-server and a kube-proxy that hear from the API have what is new. */
const NEWS_MS = 30_000;
/** Longer than a query waits for its answer. */
const NO_NAMES_MS = 10_000;
const AFTERWARDS = 'made-afterwards';

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
    let requests: readonly ApiRequest[];

    beforeAll(async () => {
      await awaitWell(story, story.cluster.machines);
      const since = new Date();
      audited = await auditedFrom(story.worker);
      requests = (await requestsSince(story.controlPlanes, since)).filter(isOfSomebody);
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

    it.each(runnableLines(STORY_PAGE).flatMap(({ line }) => (line.startsWith('kubectl ') ? [line] : [])))('the page of the story shows it: %s', async (line) => {
      const shown = await read(story.witness, `export KUBECONFIG=/etc/kubernetes/admin.conf\n${line}`);
      expect(shown).toContain(story.first.address);
      // The annotation with the node's own address is what kubeadm was told, not what runs.
      for (const { address } of story.others) expect(shown.replaceAll(/advertise-address.endpoint: .*/g, '')).not.toContain(address);
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

    it('the audit asked the API to get, list and watch, and for nothing else', () => {
      expect(requests.length).toBeGreaterThan(0);
      expect(requests.filter(({ verb }) => !['get', 'list', 'watch'].includes(verb))).toEqual([]);
    });

    it('the audit holds nothing else for an error', () => {
      expect(errorsOf(audited)).toEqual([CODE]);
    });
  });

  describe('without the fix, the first control plane removed', () => {
    let remaining: Remaining;
    let knownBefore: readonly string[];
    const podsNamed = async (prefix: string): Promise<readonly SeenPod[]> => (await podsOf(story.operator, 'kube-system')).filter(({ name }) => name.startsWith(prefix));

    beforeAll(async () => {
      remaining = await awaitWell(story, story.others);
      await removeControlPlane({ victim: story.first, witness: story.witness, operator: story.operator });
      knownBefore = (await podsNamed('coredns-')).map(({ name }) => name);
      await offerName(story.operator, AFTERWARDS);
    });

    it('the service kubernetes still leads there, where nobody answers; new names resolve nowhere; there are no metrics; a CoreDNS that starts does not come up', async () => {
      expect(await apiEndpoints(story.operator)).toEqual([story.first.address]);
      // One of the two starts anew; the other still knows what it heard before.
      const [started] = await podsNamed('coredns-');
      await kubectl(story.operator, '--namespace', 'kube-system', 'delete', 'pod', started!.name);
      const attempts = {
        ...Object.fromEntries(story.others.map((machine) => [`the API by its service, ${machine.name}`, () => askApiService(machine)])),
        ...nameInPods(remaining, AFTERWARDS),
        'kubectl top nodes': () => operatorTry(story.operator, 'top', 'nodes'),
      };
      expect(await successesFor(NEWS_MS, attempts)).toEqual([]);
      expect((await podsNamed('coredns-')).filter(({ name, isReady }) => isReady && !knownBefore.includes(name))).toEqual([]);
    });

    it('when the other CoreDNS starts anew too, no name resolves any more', async () => {
      await kubectl(story.operator, '--namespace', 'kube-system', 'delete', 'pods', '--selector', 'k8s-app=kube-dns');
      expect(await successesFor(NO_NAMES_MS, nameInPods(remaining, 'echo'))).toEqual([]);
      expect((await podsNamed('coredns-')).filter(({ isReady }) => isReady)).toEqual([]);
    });
  });

  describe('with the fix', () => {
    mendedTests({
      storyOf: () => story,
      codes: [CODE],
      more: () => {
        it('every manifest and every API server has its own address', async () => {
          for (const machine of story.controlPlanes) {
            expect(await read(machine, `sed -n 's/^ *- --advertise-address=//p' ${MANIFEST}`)).toBe(`${machine.address}\n`);
            expect(await advertised(machine)).toBe(machine.address);
          }
        });

        it('the service kubernetes leads to all three', async () => {
          expect(await apiEndpoints(story.operator)).toEqual(story.controlPlanes.map(({ address }) => address).toSorted());
        });

        it('what all share has the address of nobody', async () => {
          const text = await kubectl(story.operator, 'get', 'configmap', 'kubeadm-config', '--namespace', 'kube-system', '-o', 'jsonpath={.data.ClusterConfiguration}');
          expect(text).toContain('kind: ClusterConfiguration');
          expect(text).not.toContain('advertise-address');
        });
      },
    });
  });
});
