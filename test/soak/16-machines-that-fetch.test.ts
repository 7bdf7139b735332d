import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultVersion, release } from '../../src/catalogue/catalogue.ts';
import { gatewayOf } from '../../src/lab/lab-addresses.ts';
import { audited } from '../lab-support/audit.ts';
import { kubewright } from '../lab-support/kubewright.ts';
import type { Ended } from '../lab-support/kubewright.ts';
import { scratchDirectory } from '../lab-support/scratch-directory.ts';
import { PULL_LAB, clearLab, raiseLab, writeClusterFile } from '../lab-support/test-lab.ts';
import type { Machine } from '../lab-support/test-lab.ts';
import { startMirror } from '../lab-support/upstream-mirror.ts';
import type { UpstreamMirror } from '../lab-support/upstream-mirror.ts';

/** A program or an image of a control plane has some tens of megabytes; all that is sent to a machine beside them has a few. */
const MOST_SENT_MB = 5;
const SENT = /^(?:cp|w)-\d+ +\d+ +([\d.]+) ([kM])B/gm;

/** Issue 6, part 3: machines that fetch programs and images themselves, from a mirror of upstream's layout. The operator's machine has a cache of its own, so that nothing that was built here is taken for what is published. */
describe('machines that fetch', () => {
  const directory = scratchDirectory();
  const clusterFile = join(directory, 'cluster.yaml');
  let machines: readonly Machine[] = [];
  let mirror: UpstreamMirror;
  const servers: { close(): void }[] = [];
  let applied: Ended;
  const run = (...words: readonly string[]): Promise<Ended> =>
    kubewright([...words, '-f', clusterFile], { env: { KUBEWRIGHT_CACHE: join(directory, 'cache'), KUBEWRIGHT_UPSTREAM_MIRROR: mirror.url } });

  beforeAll(async () => {
    await clearLab(PULL_LAB);
    machines = await raiseLab(PULL_LAB);
    const shelf = join(directory, 'mirror');
    mkdirSync(shelf);
    servers.push((mirror = await startMirror(release(defaultVersion), gatewayOf(PULL_LAB.subnet), shelf)));
    const at = (host: string): object => ({ mirrors: [`${mirror.url}/${host}/v2`] });
    const registries = { 'registry.k8s.io': at('registry.k8s.io'), 'ghcr.io': at('ghcr.io') };
    await writeClusterFile(PULL_LAB.name, clusterFile, {}, { distribution: { mode: 'pull', mirror: mirror.url }, registries });
    applied = await run('apply', '--yes', '--source', 'upstream');
  });

  afterAll(async () => {
    await clearLab(PULL_LAB);
    for (const server of servers) server.close();
  });

  it('make a cluster that is verified and audited', async () => {
    expect(applied.exitCode, `${applied.stdout.slice(-3000)}\n${applied.stderr}`).toBe(0);
    console.log(`apply of machines that fetch, with all that the operator fetches: ${applied.seconds.toFixed(1)} s`);
    const verified = await run('verify');
    expect(verified.exitCode, `${verified.stdout}\n${verified.stderr}`).toBe(0);
    expect((await audited(['-f', clusterFile])).codes).toEqual([]);
  });

  it('have got programs and images from the mirror, and next to nothing from the operator', () => {
    for (const { name, address, role } of machines) {
      const paths = mirror.served.filter(({ from }) => from === address).map(({ path }) => path);
      expect(paths, name).toEqual(
        expect.arrayContaining([
          expect.stringMatching(/\/kubelet$/),
          expect.stringMatching(/^\/registry\.k8s\.io\/v2\/kube-proxy\/blobs\//),
          expect.stringMatching(/^\/ghcr\.io\//),
        ]),
      );
      expect(
        paths.some((path) => /kube-apiserver\/blobs/.test(path)),
        name,
      ).toBe(role === 'control-plane');
      expect(
        paths.filter((path) => path.endsWith('/kubelet')),
        name,
      ).toHaveLength(1);
    }
    const sent = [...applied.stdout.matchAll(SENT)].map(([, amount, unit]) => Number(amount) * (unit === 'k' ? 0.001 : 1));
    expect(sent).toHaveLength(machines.length);
    expect(Math.max(...sent)).toBeLessThan(MOST_SENT_MB);
  });

  it('have nothing left to do, by the lock file with the same source', async () => {
    const { stdout } = await run('plan', '-o', 'json');
    expect((JSON.parse(stdout) as { readonly steps: readonly unknown[] }).steps).toEqual([]);
  });
});
