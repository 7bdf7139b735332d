import { AppError } from '../../errors/app-error.ts';
import { sha256 } from '../../util/sha256.ts';
import type { DownloadOptions } from './download.ts';
import { download, fetchText } from './download.ts';
import type { UpstreamSites } from './sites.ts';

/** A part of an image, by digest (`sha256:...`). */
export interface RemoteBlob {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

/** An image of one platform: its manifest as it was published, byte for byte. */
export interface RemoteImage {
  readonly text: string;
  readonly digest: string;
  readonly mediaType: string;
  readonly blobs: readonly RemoteBlob[];
}

const LISTS = ['application/vnd.oci.image.index.v1+json', 'application/vnd.docker.distribution.manifest.list.v2+json'];
const MANIFESTS = ['application/vnd.oci.image.manifest.v1+json', 'application/vnd.docker.distribution.manifest.v2+json'];
const UNAUTHORIZED = 401;
const DIGEST = /^sha256:[0-9a-f]{64}$/;

interface Manifest {
  readonly mediaType?: string;
  readonly manifests?: readonly (RemoteBlob & { readonly platform?: { readonly os?: string; readonly architecture?: string } })[];
  readonly config?: RemoteBlob;
  readonly layers?: readonly RemoteBlob[];
}

/** Pulls one repository by the registry's HTTP API (OCI distribution specification 1.1); a registry that wants a token for what is public gives one to anybody. */
export class Registry {
  readonly #base: string;
  readonly #repository: string;
  readonly #signal: AbortSignal;
  #token: string | undefined;

  constructor(imageName: string, sites: UpstreamSites, signal: AbortSignal) {
    const [host = '', ...path] = repositoryOf(imageName).split('/');
    this.#repository = path.join('/');
    this.#base = `${sites.registry(host)}/v2/${this.#repository}`;
    this.#signal = signal;
  }

  /** The image that a tag names, for Linux on this architecture. Everything but what the tag points to is compared with its digest. */
  async image(tag: string, architecture: string): Promise<RemoteImage> {
    const first = await this.#manifest(tag, undefined);
    if (!LISTS.includes(first.mediaType)) return imageOf(first, this.#base);
    const { manifests = [] } = JSON.parse(first.text) as Manifest;
    const own = manifests.find(({ platform }) => platform?.os === 'linux' && platform.architecture === architecture);
    if (own === undefined) throw new AppError('artifact-failed', `${this.#base} has no ${tag} for linux on ${architecture}`);
    return imageOf(await this.#manifest(own.digest, own.digest), this.#base);
  }

  /** Fetches a part of an image. */
  async blob({ digest }: RemoteBlob, path: string): Promise<void> {
    await download(`${this.#base}/blobs/${digest}`, { path, sha256: hexOf(digest) }, this.#options());
  }

  async #manifest(reference: string, wanted: string | undefined): Promise<Omit<RemoteImage, 'blobs'>> {
    const url = `${this.#base}/manifests/${reference}`;
    const accept = { accept: [...LISTS, ...MANIFESTS].join(', ') };
    let { text, response } = await fetchText(url, { ...this.#options(accept), expect: [UNAUTHORIZED] });
    if (response.status === UNAUTHORIZED) {
      await this.#authorize(response.headers.get('www-authenticate') ?? '');
      ({ text, response } = await fetchText(url, this.#options(accept)));
    }
    const digest = `sha256:${sha256(text)}`;
    // A tag has no digest of its own to be held against; the registry says which one it sends.
    const told = wanted ?? response.headers.get('docker-content-digest') ?? digest;
    if (told !== digest) throw new AppError('artifact-failed', `${url} has the digest ${digest}, and should have ${told}; it was thrown away`, { retry: 'safe' });
    const mediaType = (JSON.parse(text) as Manifest).mediaType ?? (response.headers.get('content-type') ?? '').split(';')[0] ?? '';
    return { text, digest, mediaType };
  }

  /** `Bearer realm="https://...",service="...",scope="repository:...:pull"` (RFC 6750, and the distribution project's token page). */
  async #authorize(challenge: string): Promise<void> {
    const fields = Object.fromEntries([...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, value]));
    const realm = fields['realm'];
    if (realm === undefined || !/^bearer /i.test(challenge))
      throw new AppError('artifact-failed', `${this.#base} wants a login (${challenge || 'it says not which'}), and gives nothing to strangers`);
    const url = new URL(realm);
    url.searchParams.set('scope', `repository:${this.#repository}:pull`);
    if (fields['service'] !== undefined) url.searchParams.set('service', fields['service']);
    const { text } = await fetchText(url.href, { signal: this.#signal });
    const { token, access_token: accessToken } = JSON.parse(text) as { readonly token?: string; readonly access_token?: string };
    this.#token = token ?? accessToken;
  }

  #options(headers: Readonly<Record<string, string>> = {}): DownloadOptions {
    return { signal: this.#signal, headers: { ...headers, ...(this.#token !== undefined && { authorization: `Bearer ${this.#token}` }) } };
  }
}

/** The name without its tag. */
function repositoryOf(name: string): string {
  return name.slice(0, name.lastIndexOf(':'));
}

export function tagOf(name: string): string {
  return name.slice(name.lastIndexOf(':') + 1);
}

/** Lower-case hexadecimal of a digest; what is no sha256 is refused. */
export function hexOf(digest: string): string {
  if (!DIGEST.test(digest)) throw new AppError('artifact-failed', `${JSON.stringify(digest)} is no sha256 digest`);
  return digest.slice('sha256:'.length);
}

function imageOf(manifest: Omit<RemoteImage, 'blobs'>, base: string): RemoteImage {
  const { config, layers } = JSON.parse(manifest.text) as Manifest;
  if (!MANIFESTS.includes(manifest.mediaType) || config === undefined || layers === undefined)
    throw new AppError('artifact-failed', `${base} answered with a manifest of the form ${JSON.stringify(manifest.mediaType)}, which is of no image`);
  return { ...manifest, blobs: [config, ...layers] };
}
