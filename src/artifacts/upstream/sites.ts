import { AppError } from '../../errors/app-error.ts';

/** Where upstream projects publish, without a trailing slash; another place has the same paths below it. */
export interface UpstreamSites {
  readonly kubernetes: string;
  readonly github: string;
  /** Of a registry by the host in an image's name. */
  readonly registry: (host: string) => string;
}

/** A mirror of what is published, with the hosts of upstream as its first folders. */
export function mirrorSites(base: string): UpstreamSites {
  const root = base.replace(/\/+$/, '');
  return { kubernetes: `${root}/dl.k8s.io`, github: `${root}/github.com`, registry: (host) => `${root}/${host}` };
}

export const publicSites: UpstreamSites = { kubernetes: 'https://dl.k8s.io', github: 'https://github.com', registry: (host) => `https://${host}` };

/** Where these sites have what a project publishes at this address. */
export function addressAt({ kubernetes, github }: UpstreamSites, published: string): string {
  const [site, path] = published.startsWith(`${publicSites.kubernetes}/`)
    ? [kubernetes, published.slice(publicSites.kubernetes.length)]
    : [github, published.slice(publicSites.github.length)];
  return `${site}${path}`;
}

const MIRROR = 'KUBEWRIGHT_UPSTREAM_MIRROR';

/** The mirror that $KUBEWRIGHT_UPSTREAM_MIRROR names for this machine; undefined where it names none. Throws `usage`. */
export function mirrorHere(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const mirror = env[MIRROR] ?? '';
  if (mirror === '' || /^https?:\/\/[^\s@/?#]+(\/[\w.~/-]*)?$/.test(mirror)) return mirror || undefined;
  throw new AppError('usage', `${MIRROR} is no URL of a mirror`, { hint: 'write https://HOST or https://HOST/PATH, below which dl.k8s.io, github.com and the registries lie' });
}

/** Where this machine fetches what upstream publishes. Throws `usage`. */
export function sitesHere(env: NodeJS.ProcessEnv = process.env): UpstreamSites {
  const mirror = mirrorHere(env);
  return mirror === undefined ? publicSites : mirrorSites(mirror);
}
