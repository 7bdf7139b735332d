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
