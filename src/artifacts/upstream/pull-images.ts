import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { ImageRecord } from '../artifact.ts';
import type { Image } from '../oci-image.ts';
import { imageArchive } from '../oci-image.ts';
import { bytesContent, fileContent } from '../tar.ts';
import { Registry, hexOf, tagOf } from './registry.ts';
import type { UpstreamSites } from './sites.ts';

export interface ImagePull {
  readonly names: readonly string[];
  readonly architecture: string;
  readonly sites: UpstreamSites;
  readonly output: string;
  readonly scratch: string;
  readonly signal: AbortSignal;
  readonly onProgress: (detail: string) => void;
}

/** Writes an archive of images as their registries have them, and returns what is in it. What images share is fetched once. */
export async function pullImages({ names, architecture, sites, output, scratch, signal, onProgress }: ImagePull): Promise<readonly ImageRecord[]> {
  const fetched = new Map<string, string>();
  const images: Image[] = [];
  for (const name of names) {
    onProgress(name);
    const registry = new Registry(name, sites, signal);
    const { text, digest, mediaType, blobs } = await registry.image(tagOf(name), architecture);
    for (const blob of blobs) {
      if (fetched.has(blob.digest)) continue;
      const path = join(scratch, hexOf(blob.digest));
      await registry.blob(blob, path);
      fetched.set(blob.digest, path);
    }
    const parts = blobs.map(async (blob) => ({ digest: blob.digest, content: await fileContent(fetched.get(blob.digest) ?? '') }));
    const manifest = { digest, content: bytesContent(Buffer.from(text)) };
    images.push({ name, manifest, mediaType, blobs: [manifest, ...(await Promise.all(parts))] });
  }
  onProgress('writing the archive');
  await pipeline(imageArchive(images).read(), createWriteStream(output), { signal });
  return images.map(({ name, manifest }) => ({ name, digest: manifest.digest }));
}
