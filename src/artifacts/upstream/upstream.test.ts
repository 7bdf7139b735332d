import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { release } from '../../catalogue/catalogue.ts';
import { sha256 } from '../../util/sha256.ts';
import { hostArchitecture } from '../architecture.ts';
import type { ArtifactName } from '../artifact.ts';
import { clusterArtifacts } from '../artifact.ts';
import { ensureGraph } from '../ensure-artifacts.ts';
import { makerGraph, releaseFrom } from '../maker.ts';
import { publish } from '../testing/published-release.ts';
import type { UpstreamServer } from '../testing/upstream-server.ts';
import { startUpstream } from '../testing/upstream-server.ts';
import { recipeOf } from '../build-graph.ts';
import { answersForUpstream } from './reachability.ts';
import { mirrorHere, mirrorSites, publicSites, sitesHere } from './sites.ts';

const never = new AbortController().signal;
const known = releaseFrom('upstream', release('1.36.3'));
const ARCHITECTURE = hostArchitecture();
const PATH = process.env['PATH'] ?? '';
let upstream: UpstreamServer;
let root = '';

beforeEach(async () => {
  upstream = await startUpstream();
  publish(known, upstream);
  root = await mkdtemp(join(tmpdir(), 'upstream-'));
});
afterEach(async () => {
  process.env['PATH'] = PATH;
  await upstream.close();
  await rm(root, { recursive: true });
});

const graph = () => makerGraph('upstream', known, { root: join(root, 'cache'), sites: upstream.sites });
const obtain = (...names: readonly ArtifactName[]) => ensureGraph(graph(), names, { signal: never });
const pathEnding = (end: string): string => [...upstream.files.keys()].find((path) => path.endsWith(end)) ?? '';

/** A cosign that answers so; what it was asked lies in a file. */
async function cosign(exitCode: number): Promise<void> {
  await writeFile(join(root, 'cosign'), `#!/bin/sh\n[ "$1" = version ] && exit 0\nprintf '%s\\n' "$@" > ${root}/asked\nexit ${exitCode}\n`);
  await chmod(join(root, 'cosign'), 0o755);
  process.env['PATH'] = `${root}:${PATH}`;
}

describe('a mirror', () => {
  const MIRROR = 'https://mirror.example.com/all';

  it('is where everything of upstream is asked for, when the environment names one', () => {
    const { kubernetes, github, registry } = sitesHere({ KUBEWRIGHT_UPSTREAM_MIRROR: MIRROR });
    expect([kubernetes, github, registry('ghcr.io')]).toEqual([`${MIRROR}/dl.k8s.io`, `${MIRROR}/github.com`, `${MIRROR}/ghcr.io`]);
    expect(sitesHere({ KUBEWRIGHT_UPSTREAM_MIRROR: '' })).toBe(publicSites);
  });

  it.each(['mirror.example.com', 'https://user:secret@mirror', 'https://mirror?token=secret', 'file:///srv'])('is not %s, which is not repeated', (value) => {
    expect(() => mirrorHere({ KUBEWRIGHT_UPSTREAM_MIRROR: value })).toThrow(expect.objectContaining({ code: 'usage', message: expect.not.stringContaining('secret') as string }));
  });

  it('makes no other recipe: a lock that names what is published holds beside it', () => {
    const [here, there] = [graph(), makerGraph('upstream', known, { sites: mirrorSites(MIRROR) })];
    expect(clusterArtifacts.map((name) => recipeOf(here, name))).toEqual(clusterArtifacts.map((name) => recipeOf(there, name)));
  });
});

describe('source upstream', () => {
  it('gives all that machines of a cluster are given, each program as it was published, and asks nothing twice', async () => {
    const found = await obtain(...clusterArtifacts);
    expect([...found.keys()].sort()).toEqual([...clusterArtifacts].sort());
    const text = async (name: ArtifactName): Promise<string> => readFile(found.get(name)?.path ?? '', 'utf8');
    expect([await text('kubeadm'), await text('runc'), await text('cni-host-local'), await text('etcdctl')]).toEqual([
      'program kubeadm',
      `program runc.${ARCHITECTURE}`,
      `program cni-host-local of cni-plugins-linux-${ARCHITECTURE}-v1.9.1.tgz`,
      `program etcdctl of etcd-v3.6.8-linux-${ARCHITECTURE}.tar.gz`,
    ]);
    expect((await stat(found.get('kubelet')?.path ?? '')).mode & 0o777).toBe(0o755);
    const asked = upstream.served.length;
    await obtain(...clusterArtifacts);
    expect(upstream.served).toHaveLength(asked);
  });

  it('packs images as their registries have them, those that want a token too, and shared layers once', async () => {
    const archive = (await obtain('images-node')).get('images-node');
    expect(archive?.images?.map(({ name }) => name)).toContain('ghcr.io/flannel-io/flannel-cni-plugin:v1.9.1-flannel1');
    execFileSync('tar', ['-xf', archive?.path ?? '', '-C', root]);
    const index = JSON.parse(await readFile(join(root, 'index.json'), 'utf8')) as { readonly manifests: readonly { readonly digest: string }[] };
    expect(index.manifests.map(({ digest }) => digest)).toEqual(archive?.images?.map(({ digest }) => digest));
    for (const blob of await readdir(join(root, 'blobs/sha256'))) expect(sha256(await readFile(join(root, 'blobs/sha256', blob)))).toBe(blob);
    expect(upstream.served.filter((path) => path.endsWith(sha256('a layer that many share')))).toHaveLength(1);
  });

  it.each([
    ['kubeadm', '/kubeadm'],
    ['containerd', `containerd-2.3.4-linux-${ARCHITECTURE}.tar.gz`],
  ] as const)('deletes a %s that is not what is published, and names both digests', async (name, path) => {
    const right = sha256(upstream.files.get(pathEnding(path)) ?? '');
    upstream.files.set(pathEnding(path), Buffer.from('something else'));
    await expect(obtain(name)).rejects.toMatchObject({
      code: 'artifact-failed',
      message: expect.stringContaining(`has sha256 ${sha256('something else')}, and ${right} is published`) as string,
    });
    expect(existsSync(graph().dirOf(name))).toBe(false);
  });

  it('takes no layer that has another digest than it is named by', async () => {
    const layer = pathEnding(`/pause/blobs/sha256:${sha256('a layer of registry.k8s.io/pause:3.10.2')}`);
    upstream.files.set(layer, Buffer.from('another layer'));
    await expect(obtain('images-node')).rejects.toMatchObject({ code: 'artifact-failed', message: expect.stringContaining(sha256('another layer')) as string });
  });

  it('takes no manifest that has another digest than it is named by', async () => {
    const manifest = [...upstream.types].find(([path, type]) => path.includes('/kube-apiserver/') && type.includes('manifest.v1'))?.[0] ?? '';
    upstream.files.set(manifest, Buffer.from('{}'));
    await expect(obtain('images-control-plane')).rejects.toMatchObject({ message: expect.stringContaining('and should have') as string });
  });

  it('takes nothing whose publisher tells no digest', async () => {
    upstream.files.set(pathEnding('/SHA256SUMS'), Buffer.from(`${sha256('x')}  etcd-v3.6.8-linux-s390x.tar.gz\n`));
    await expect(obtain('etcdctl')).rejects.toMatchObject({ message: expect.stringContaining('without one nothing is taken') as string });
  });

  it('says where something is not published', async () => {
    upstream.files.delete(pathEnding(`/runc.${ARCHITECTURE}`));
    await expect(obtain('runc')).rejects.toMatchObject({
      message: expect.stringContaining(' answered with status 404') as string,
      hint: expect.stringContaining('--source') as string,
    });
  });
});

describe('signatures', () => {
  beforeEach(() => ['.sig', '.cert'].forEach((end) => upstream.files.set(`${pathEnding('/kubeadm')}${end}`, Buffer.from(end))));

  it('are judged where there is a cosign, by the identity that publishes', async () => {
    await cosign(0);
    await obtain('kubeadm');
    const asked = (await readFile(join(root, 'asked'), 'utf8')).split('\n');
    expect(asked.slice(0, 1)).toEqual(['verify-blob']);
    expect(asked).toEqual(expect.arrayContaining(['--certificate-identity', 'krel-staging@k8s-releng-prod.iam.gserviceaccount.com', 'https://accounts.google.com']));
  });

  it('that are wrong are refused', async () => {
    await cosign(1);
    await expect(obtain('kubeadm')).rejects.toMatchObject({ code: 'artifact-failed', message: expect.stringContaining('is not signed by krel-staging') as string });
    expect(existsSync(graph().dirOf('kubeadm'))).toBe(false);
  });
});

describe('whether upstream answers', () => {
  it('is asked by one small file', async () => {
    expect(await answersForUpstream(known, never, upstream.sites)).toBe(true);
    expect(upstream.served).toEqual([pathEnding('/kubeadm.sha256')]);
    upstream.files.clear();
    expect(await answersForUpstream(known, never, upstream.sites)).toBe(false);
  });
});
