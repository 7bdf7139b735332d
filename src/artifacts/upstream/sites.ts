/** Where upstream projects publish, without a trailing slash; another place has the same paths below it. */
export interface UpstreamSites {
  readonly kubernetes: string;
  readonly github: string;
  /** Of a registry by the host in an image's name. */
  readonly registry: (host: string) => string;
}

export const publicSites: UpstreamSites = { kubernetes: 'https://dl.k8s.io', github: 'https://github.com', registry: (host) => `https://${host}` };
