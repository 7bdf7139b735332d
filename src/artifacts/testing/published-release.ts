import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { Release } from '../../catalogue/release.ts';
import { sha256 } from '../../util/sha256.ts';
import { archiveImages } from '../image-definitions.ts';
import { hostArchitecture } from '../architecture.ts';
import type { PublishedFile } from '../upstream/published-file.ts';
import { publishedFiles } from '../upstream/published-file.ts';
import type { UpstreamServer } from './upstream-server.ts';
import { digestOf } from './upstream-server.ts';

const OCI = 'application/vnd.oci.image';
const encode = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));
const pathOf = (url: string): string => new URL(url).pathname;

/** Publishes every file and image of a release, with small bytes that say what they are. */
export function publish(release: Release, { files, types, sites }: UpstreamServer): void {
  const names = publishedFiles(release, hostArchitecture(), sites);
  for (const file of names) {
    const bytes = file.isArchive ? madeOnce(file) : Buffer.from(`program ${basename(file.url)}`);
    files.set(pathOf(file.url), bytes);
    const own = `${sha256(bytes)}  ${basename(file.url)}\n`;
    // A bare digest, a list of one, a list of many: each is somewhere upstream.
    const isBare = file.sumsUrl.includes('/release/');
    const isList = file.sumsUrl.endsWith('SHA256SUMS') || file.sumsUrl.endsWith('runc.sha256sum');
    files.set(pathOf(file.sumsUrl), Buffer.from(isBare ? sha256(bytes) : isList ? `${sha256('other')}  other\n${own}` : own));
  }
  for (const name of new Set(Object.values(archiveImages).flatMap((list) => list.map(({ role }) => release.images[role])))) publishImage(name, { files, types });
}

function publishImage(name: string, { files, types }: Pick<UpstreamServer, 'files' | 'types'>): void {
  const at = `/${name.slice(0, name.indexOf('/'))}/v2/${name.slice(name.indexOf('/') + 1, name.lastIndexOf(':'))}`;
  const put = (kind: 'blobs' | 'manifests', bytes: Uint8Array, type?: string): { readonly mediaType: string; readonly digest: string; readonly size: number } => {
    files.set(`${at}/${kind}/${digestOf(bytes)}`, bytes);
    if (type !== undefined) types.set(`${at}/${kind}/${digestOf(bytes)}`, type);
    return { mediaType: type ?? '', digest: digestOf(bytes), size: bytes.length };
  };
  const config = put('blobs', encode({ os: 'linux', architecture: hostArchitecture(), config: { Entrypoint: [name] } }));
  const layers = [put('blobs', Buffer.from('a layer that many share')), put('blobs', Buffer.from(`a layer of ${name}`))];
  const own = put('manifests', encode({ schemaVersion: 2, mediaType: `${OCI}.manifest.v1+json`, config, layers }), `${OCI}.manifest.v1+json`);
  const other = { ...own, digest: digestOf(Buffer.from('another platform')) };
  const list = encode({
    schemaVersion: 2,
    manifests: [
      { ...other, platform: { os: 'windows', architecture: hostArchitecture() } },
      { ...own, platform: { os: 'linux', architecture: hostArchitecture() } },
    ],
  });
  const tag = `${at}/manifests/${name.slice(name.lastIndexOf(':') + 1)}`;
  files.set(tag, list);
  types.set(tag, `${OCI}.index.v1+json`);
}

/** The same for every test of a process. */
const archives = new Map<string, Uint8Array>();

function madeOnce(file: PublishedFile): Uint8Array {
  const key = basename(file.url);
  const made = archives.get(key) ?? archiveOf(file);
  archives.set(key, made);
  return made;
}

function archiveOf({ programs, url }: PublishedFile): Uint8Array {
  const root = mkdtempSync(join(tmpdir(), 'published-'));
  try {
    for (const [name, member = ''] of Object.entries(programs)) {
      mkdirSync(join(root, 'in', dirname(member)), { recursive: true });
      writeFileSync(join(root, 'in', member), `program ${name} of ${basename(url)}`, { mode: 0o755 });
    }
    execFileSync('tar', ['-czf', join(root, 'archive'), '-C', join(root, 'in'), '.']);
    return readFileSync(join(root, 'archive'));
  } finally {
    rmSync(root, { recursive: true });
  }
}
