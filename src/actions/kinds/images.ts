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
  /** The machine's runtime pulls each by its digest, with the mirrors, logins and proxy that it has; without it the archive is sent. */
  readonly isPulled?: true;
}

const CTR = ['ctr', '-n', 'k8s.io', 'images'];

/** `registry/name@sha256:...` of `registry/name:tag`. */
const byDigest = ({ name, digest }: ImageRef): string => `${name.slice(0, name.lastIndexOf(':'))}@${digest}`;

/** The runtime compares what comes with the digest that it asks for; then the image gets the name by which it is used. */
function pullShell(image: ImageRef): readonly string[] {
  const given = byDigest(image);
  return [`${command('crictl', 'pull', given)} > /dev/null`, `${command(...CTR, 'tag', '--local', '--force', given, image.name)} > /dev/null`];
}

export const images: Kind<ImagesAction> = {
  words: ({ archive, images: list, isPulled }) => `${isPulled === true ? 'pull' : 'import'} ${list.length} images (${archive})`,
  details: ({ images: list, isPulled }) => ({
    command:
      isPulled === true
        ? list.map((image) => command('crictl', 'pull', byDigest(image))).join('; ')
        : `ctr -n k8s.io images import --local ARCHIVE   # ${list.map(({ name }) => name).join(' ')}`,
  }),
  probes: () => [],
  progress: ({ images: wanted }, reading) => {
    const facts = wanted.map(({ name, digest }) => ({ fact: reading.read(imageKey(name)), digest }));
    if (facts.some(({ fact }) => fact.state !== 'known')) return 'unknown';
    return facts.every(({ fact, digest }) => fact.state === 'known' && fact.value === digest) ? 'done' : 'absent';
  },
  script: ({ blob, images: list, isPulled }) => ({
    shell: [
      ...(isPulled === true ? list.flatMap(pullShell) : [`ctr -n k8s.io images import --local ${quote(`${BLOB_DIR}/${blob.sha256}`)} > /dev/null`]),
      // Nothing could pull again what the kubelet's garbage collection removes when the disk fills (containerd CRI: label of pinned images).
      ...list.map(({ name }) => `${command(...CTR, 'label', name, 'io.cri-containerd.pinned=pinned')} > /dev/null`),
      // The blob is as large as all images together and serves no further purpose on the host.
      ...(isPulled === true ? [] : [command('rm', '-f', `${BLOB_DIR}/${blob.sha256}`)]),
    ].join('\n'),
    inputs: [],
  }),
  blobs: ({ blob, isPulled }) => (isPulled === true ? [] : [blob]),
  predict: ({ images: list }, view) =>
    withHost(view, ({ images: now }) => ({
      images: known({ ...(now.state === 'known' ? now.value : {}), ...Object.fromEntries(list.map(({ name, digest }) => [name, digest])) }),
    })),
};
