import { dirname } from 'node:path';
import { canonicalJson, compareStrings } from '../util/canonical-json.ts';
import { contentSha256 } from './content-digest.ts';
import type { Content, TarEntry } from './tar.ts';
import { bytesContent, tarContent } from './tar.ts';

/** A part of an image that is stored once under its digest (`sha256:...`). */
export interface Blob {
  readonly digest: string;
  readonly content: Content;
}

export interface ImageConfig {
  /** Full name with tag. */
  readonly name: string;
  readonly architecture: string;
  readonly entrypoint: readonly string[];
  readonly command?: readonly string[];
  readonly user?: string;
}

export interface Image {
  readonly name: string;
  readonly manifest: Blob;
  /** Of the manifest, where it is not OCI's. */
  readonly mediaType?: string;
  readonly blobs: readonly Blob[];
}

const mediaTypes = {
  index: 'application/vnd.oci.image.index.v1+json',
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar',
} as const;

/** kubeadm's static pods start their programs by name: this is where they are looked for. */
const PATH = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const FILE_MODE = 0o644;

/** A layer of the entries, sorted, with the directories above them. Layers are not compressed: hosts would spend more time on unpacking than a local network on the bytes. */
export async function layer(entries: readonly TarEntry[], signal?: AbortSignal): Promise<Blob> {
  const given = new Set(entries.map((entry) => entry.path));
  const parents = [...new Set(entries.flatMap((entry) => parentsOf(entry.path)))].filter((path) => !given.has(path));
  const directories = parents.map((path): TarEntry => ({ kind: 'directory', path, mode: 0o755 }));
  return blob(tarContent([...entries, ...directories].sort((a, b) => compareStrings(a.path, b.path))), signal);
}

export async function blob(content: Content, signal?: AbortSignal): Promise<Blob> {
  return { digest: `sha256:${await contentSha256(content, signal)}`, content };
}

/** An image of layers, lowest first (OCI image specification 1.1). */
export async function image(config: ImageConfig, layers: readonly Blob[]): Promise<Image> {
  const settings = { Entrypoint: config.entrypoint, Env: [PATH], ...(config.command && { Cmd: config.command }), ...(config.user && { User: config.user }) };
  const rootfs = { type: 'layers', diff_ids: layers.map(({ digest }) => digest) };
  const configBlob = await jsonBlob({ architecture: config.architecture, os: 'linux', config: settings, rootfs });
  const manifest = await jsonBlob({
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    config: descriptor(configBlob, mediaTypes.config),
    layers: layers.map((one) => descriptor(one, mediaTypes.layer)),
  });
  return { name: config.name, manifest, blobs: [manifest, configBlob, ...layers] };
}

/** An OCI archive of images, as `ctr images import` takes it; what they share is stored once. */
export function imageArchive(images: readonly Image[]): Content {
  const index = { schemaVersion: 2, mediaType: mediaTypes.index, manifests: images.map(indexEntry) };
  const blobs = new Map(images.flatMap((one) => one.blobs).map((one) => [one.digest, one]));
  const files = [...blobs.values()].map((one): TarEntry => file(`blobs/${one.digest.replace(':', '/')}`, one.content));
  return tarContent([file('oci-layout', json({ imageLayoutVersion: '1.0.0' })), file('index.json', json(index)), ...files.sort((a, b) => compareStrings(a.path, b.path))]);
}

function indexEntry({ name, manifest, mediaType = mediaTypes.manifest }: Image): object {
  const tag = name.slice(name.lastIndexOf(':') + 1);
  return { ...descriptor(manifest, mediaType), annotations: { 'io.containerd.image.name': name, 'org.opencontainers.image.ref.name': tag } };
}

function descriptor({ digest, content }: Blob, mediaType: string): object {
  return { mediaType, digest, size: content.sizeBytes };
}

function file(path: string, content: Content): TarEntry {
  return { kind: 'file', path, mode: FILE_MODE, content };
}

function json(value: object): Content {
  return bytesContent(Buffer.from(canonicalJson(value)));
}

function jsonBlob(value: object): Promise<Blob> {
  return blob(json(value));
}

function parentsOf(path: string): readonly string[] {
  const parent = dirname(path);
  return parent === '.' ? [] : [...parentsOf(parent), parent];
}
