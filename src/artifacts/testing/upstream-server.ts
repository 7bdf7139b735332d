import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { UpstreamSites } from '../upstream/sites.ts';

/** A server on loopback with the layout of upstream's: paths to bytes, and registries that want a token first. */
export interface UpstreamServer {
  readonly sites: UpstreamSites;
  /** What is published, by path; a test may change it. */
  readonly files: Map<string, Uint8Array>;
  /** Content types of manifests, by path. */
  readonly types: Map<string, string>;
  /** Paths that were asked for and given. */
  readonly served: string[];
  close(): Promise<void>;
}

const TOKEN = 'for-anybody';

export async function startUpstream(): Promise<UpstreamServer> {
  const files = new Map<string, Uint8Array>();
  const types = new Map<string, string>();
  const served: string[] = [];
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://loopback');
    if (pathname === '/token') return void response.end(JSON.stringify({ token: searchParams.get('scope')?.endsWith(':pull') === true ? TOKEN : 'for-nothing' }));
    if (pathname.startsWith('/ghcr.io/') && request.headers.authorization !== `Bearer ${TOKEN}`) {
      response.writeHead(401, { 'www-authenticate': `Bearer realm="${base()}/token",service="ghcr.io",scope="repository:x:pull"` });
      return void response.end('{}');
    }
    const bytes = files.get(pathname);
    if (bytes === undefined) return void response.writeHead(404).end('no such file');
    served.push(pathname);
    const type = types.get(pathname);
    response.writeHead(200, { ...(type !== undefined && { 'content-type': type, 'docker-content-digest': digestOf(bytes) }) }).end(bytes);
  });
  const base = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const sites: UpstreamSites = { kubernetes: `${base()}/dl.k8s.io`, github: `${base()}/github.com`, registry: (host) => `${base()}/${host}` };
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { sites, files, types, served, close };
}

export function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
