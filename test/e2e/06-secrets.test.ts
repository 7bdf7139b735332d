import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { kubewright } from '../lab-support/kubewright.ts';
import { askEach, read } from '../lab-support/on-machine.ts';
import { holdsAny, needlesOf } from '../lab-support/secret-needles.ts';
import { findPlanted, keysOf, leaksOn, rightPlacesOn } from '../lab-support/secret-search.ts';
import { isControlPlane, sharedCluster, sharedFile } from '../lab-support/shared-cluster.ts';
import type { SharedCluster } from '../lab-support/shared-cluster.ts';
import { registryPassword } from '../lab-support/shared-settings.ts';
import { SHARED_LAB, journalDirectory, machinesOf } from '../lab-support/test-lab.ts';
import type { Machine } from '../lab-support/test-lab.ts';

/** Keys that a control plane holds at least: two halves of each authority, serving and client keys, kubeconfigs, the kubelet's own. */
const KEYS_OF_A_CONTROL_PLANE = 12;

/** Bar 6: the real values of tokens, keys and a registry's password, searched wherever they must not be. */
describe('secrets', () => {
  let cluster: SharedCluster;
  let machines: readonly Machine[];
  let needles: readonly string[];
  let keys: ReadonlyMap<string, number>;

  beforeAll(async () => {
    cluster = sharedCluster();
    machines = await machinesOf(SHARED_LAB.name);
    const found = await askEach(machines, keysOf);
    keys = new Map([...found].map(([name, secrets]) => [name, secrets.length]));
    const texts = [...[...found.values()].flat().map(({ text }) => text), ...(cluster.token === undefined ? [] : [cluster.token]), registryPassword(cluster.directory)];
    needles = [...new Set(texts.flatMap(needlesOf))];
  });

  const isClean = (text: string): boolean => !holdsAny(text, needles);

  it('are all known here: a token of the deployment and every key', () => {
    expect(cluster.token).toMatch(/^[a-z0-9]{6}\.[a-z0-9]{16}$/);
    for (const machine of machines.filter(isControlPlane)) expect(keys.get(machine.name)).toBeGreaterThanOrEqual(KEYS_OF_A_CONTROL_PLANE);
  });

  it('are found where they rightly lie, so that the search can find them', async () => {
    for (const machine of machines) expect((await rightPlacesOn(machine, needles)).join('\n'), machine.name).toContain('/var/lib/kubelet/pki/kubelet-client-');
    expect(isClean(readFileSync(cluster.kubeconfig, 'utf8'))).toBe(false);
  });

  it('would be found in every place that is searched', async () => {
    const found = await findPlanted(
      machines.find((machine) => !isControlPlane(machine))!,
      cluster.since,
    );
    for (const place of ['journal', 'a log: /var/log/planted', 'runs: /run/kubewright/planted', 'own files: /tmp/planted', 'others may read: /etc/planted'])
      expect(found.join('\n')).toContain(place);
  });

  it('are in no journal, log, record of a run or file that others may read, on any machine', async () => {
    const leaks = await askEach(machines, (machine) => leaksOn(machine, needles, cluster.since));
    expect(Object.fromEntries(leaks)).toEqual(Object.fromEntries(machines.map(({ name }) => [name, []])));
  });

  it('were in no argument of any process during the deployment', () => {
    const seen = sharedFile(cluster, 'seenArguments');
    expect(seen).toContain('kubeadm init --config');
    expect(isClean(seen)).toBe(true);
  });

  it('are in no event of the deployment', () => {
    const events = sharedFile(cluster, 'events');
    expect(events).toContain('"step.finished"');
    expect(isClean(events)).toBe(true);
    expect(isClean(sharedFile(cluster, 'errors'))).toBe(true);
  });

  it("are in no journal of the operator's", () => {
    const journals = readdirSync(journalDirectory(SHARED_LAB.name), { recursive: true, encoding: 'utf8' })
      .map((name) => join(journalDirectory(SHARED_LAB.name), name))
      .filter((path) => statSync(path).isFile());
    expect(journals.length).toBeGreaterThan(0);
    for (const path of journals) {
      expect(isClean(readFileSync(path, 'utf8')), path).toBe(true);
      expect(statSync(path).mode & 0o077, path).toBe(0);
    }
  });

  it('are in no plan', async () => {
    const { stdout } = await kubewright(['plan', '-f', cluster.clusterFile, '-o', 'json']);
    expect(isClean(stdout)).toBe(true);
  });

  it('of bootstrap are gone', async () => {
    for (const machine of machines.filter(isControlPlane)) expect(await read(machine, 'kubeadm --kubeconfig /etc/kubernetes/admin.conf token list'), machine.name).toBe('');
  });
});
