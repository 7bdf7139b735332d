import { imageKey } from '../../facts/keys.ts';
import { known } from '../../plan/fact.ts';
import { command, quote } from '../../shell/quote.ts';
import { BLOB_DIR } from '../../shell/remote-paths.ts';
import type { BlobRef, Kind } from '../kind.ts';
import { withHost } from '../predict.ts';

export interface ImageRef {
  readonly name: string;
  /** Digest of its manifest. */
  readonly digest: string;
}

/** Images of one archive in the runtime's `k8s.io` namespace. */
export interface ImagesAction {
  readonly kind: 'images';
  readonly archive: string;
  readonly blob: BlobRef;
  readonly images: readonly ImageRef[];
}

export const images: Kind<ImagesAction> = {
  words: ({ archive, images: list }) => `import ${list.length} images (${archive})`,
  details: ({ images: list }) => ({ command: `ctr -n k8s.io images import --local ARCHIVE   # ${list.map(({ name }) => name).join(' ')}` }),
  probes: () => [],
  progress: ({ images: wanted }, reading) => {
    const facts = wanted.map(({ name, digest }) => ({ fact: reading.read(imageKey(name)), digest }));
    if (facts.some(({ fact }) => fact.state !== 'known')) return 'unknown';
    return facts.every(({ fact, digest }) => fact.state === 'known' && fact.value === digest) ? 'done' : 'absent';
  },
  script: ({ blob, images: list }) => ({
    shell: [
      `ctr -n k8s.io images import --local ${quote(`${BLOB_DIR}/${blob.sha256}`)} > /dev/null`,
      // Nothing could pull again what the kubelet's garbage collection removes when the disk fills (containerd CRI: label of pinned images).
      ...list.map(({ name }) => `${command('ctr', '-n', 'k8s.io', 'images', 'label', name, 'io.cri-containerd.pinned=pinned')} > /dev/null`),
      // The blob is as large as all images together and serves no further purpose on the host.
      command('rm', '-f', `${BLOB_DIR}/${blob.sha256}`),
    ].join('\n'),
    inputs: [],
  }),
  blobs: ({ blob }) => [blob],
  predict: ({ images: list }, view) =>
    withHost(view, ({ images: now }) => ({
      images: known({ ...(now.state === 'known' ? now.value : {}), ...Object.fromEntries(list.map(({ name, digest }) => [name, digest])) }),
    })),
};
