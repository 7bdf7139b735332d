import { execFileSync } from 'node:child_process';
import { copyFileSync, createReadStream, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, dirname, join } from 'node:path';
import { hostArchitecture } from '../../src/artifacts/architecture.ts';
import type { Artifact, ArtifactName } from '../../src/artifacts/artifact.ts';
import { clusterArtifacts } from '../../src/artifacts/artifact.ts';
import { fileSha256 } from '../../src/artifacts/content-digest.ts';
import { ensureArtifacts } from '../../src/artifacts/ensure-artifacts.ts';
import { archiveImages } from '../../src/artifacts/image-definitions.ts';
import { releaseFrom } from '../../src/artifacts/maker.ts';
import type { PublishedFile } from '../../src/artifacts/upstream/published-file.ts';
import { publishedFiles } from '../../src/artifacts/upstream/published-file.ts';
import { mirrorSites } from '../../src/artifacts/upstream/sites.ts';
import type { Release } from '../../src/catalogue/release.ts';

export interface UpstreamMirror {
  readonly url: string;
  /** Addresses of those who were given something, with its path. */
  readonly served: readonly { readonly from: string; readonly path: string }[];
  close(): void;
}

interface Kept {
  readonly path: string;
  readonly type?: string;
}

const NEVER = new AbortController().signal;

/** A mirror with the layout of upstream's, of programs and images that run: those that were built here from Go modules. */
export async function startMirror(release: Release, address: string, scratch: string): Promise<UpstreamMirror> {
  const files = new Map<string, Kept>();
  const artifacts = await ensureArtifacts(release, clusterArtifacts, { signal: NEVER });
  for (const file of publishedFiles(release, hostArchitecture(), mirrorSites('http://mirror'))) await publishFile(file, artifacts, { files, scratch });
  for (const archive of ['images-control-plane', 'images-node'] as const) publishImages(release, archive, artifactOf(artifacts, archive), { files, scratch });
  const served: { from: string; path: string }[] = [];
  const server = createServer(({ url = '', method, socket }, response) => {
    const { pathname } = new URL(url, 'http://mirror');
    const kept = files.get(pathname);
    if (kept === undefined) return void response.writeHead(404).end();
    served.push({ from: socket.remoteAddress ?? '', path: pathname });
    response.writeHead(200, { 'content-length': statSync(kept.path).size, 'content-type': kept.type ?? 'application/octet-stream' });
    if (method === 'HEAD') return void response.end();
    return void createReadStream(kept.path).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  const close = (): void => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://${address}:${(server.address() as AddressInfo).port}`, served, close };
}

interface Shelf {
  readonly files: Map<string, Kept>;
  readonly scratch: string;
}

function artifactOf(artifacts: ReadonlyMap<ArtifactName, Artifact>, name: string): Artifact {
  const found = artifacts.get(name as ArtifactName);
  if (found === undefined) throw new Error(`there is no artifact ${name}`);
  return found;
}

async function publishFile({ url, sumsUrl, programs, isArchive }: PublishedFile, artifacts: ReadonlyMap<ArtifactName, Artifact>, { files, scratch }: Shelf): Promise<void> {
  const path = join(scratch, basename(url));
  const parts = Object.entries(programs).map(([name, member]) => ({ from: artifactOf(artifacts, name).path, member: member ?? '' }));
  if (isArchive) archive(parts, path);
  else copyFileSync(parts[0]?.from ?? '', path);
  files.set(new URL(url).pathname, { path });
  const sums = new URL(sumsUrl).pathname;
  const list = join(scratch, `${basename(url)}.sums`);
  writeFileSync(list, `${await fileSha256(path, NEVER)}  ${basename(url)}\n`);
  files.set(sums, { path: list });
}

/** As fast as gzip goes: nobody is to wait for it. */
function archive(parts: readonly { readonly from: string; readonly member: string }[], path: string): void {
  const root = `${path}.in`;
  for (const { from, member } of parts) {
    mkdirSync(join(root, dirname(member)), { recursive: true });
    copyFileSync(from, join(root, member));
  }
  execFileSync('tar', ['-I', 'gzip -1', '-cf', path, '-C', root, '.']);
}

/** Under the names that upstream has for them. */
function publishImages(release: Release, archiveName: keyof typeof archiveImages, { path }: Artifact, { files, scratch }: Shelf): void {
  const root = join(scratch, archiveName);
  mkdirSync(root);
  execFileSync('tar', ['-xf', path, '-C', root]);
  const { manifests } = readJson<{
    readonly manifests: readonly { readonly digest: string; readonly mediaType: string; readonly annotations: Readonly<Record<string, string>> }[];
  }>(join(root, 'index.json'));
  const blob = (digest: string): string => join(root, 'blobs', ...digest.split(':'));
  const published = releaseFrom('upstream', release);
  for (const { role } of archiveImages[archiveName]) {
    const built: string = release.images[role];
    const manifest = manifests.find(({ annotations }) => annotations['io.containerd.image.name'] === built);
    if (manifest === undefined) throw new Error(`${path} has no ${built}`);
    const name: string = published.images[role];
    const at = `/${name.slice(0, name.indexOf('/'))}/v2/${name.slice(name.indexOf('/') + 1, name.lastIndexOf(':'))}`;
    const kept = { path: blob(manifest.digest), type: manifest.mediaType };
    for (const reference of [manifest.digest, name.slice(name.lastIndexOf(':') + 1)]) files.set(`${at}/manifests/${reference}`, kept);
    const { config, layers } = readJson<Record<'config', { digest: string }> & Record<'layers', readonly { digest: string }[]>>(kept.path);
    for (const { digest } of [config, ...layers]) files.set(`${at}/blobs/${digest}`, { path: blob(digest) });
  }
}

function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(path, 'utf8')) as T;
}
