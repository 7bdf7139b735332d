import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ForwardProxy {
  /** As a cluster file names it. */
  readonly url: string;
  /** Addresses of those who came through, each time. */
  readonly clients: readonly string[];
  close(): void;
}

/** A way out of the network for HTTP, which leads to one host alone. */
export async function startForwardProxy(address: string, onlyTo: string): Promise<ForwardProxy> {
  const clients: string[] = [];
  const server = createServer((asked, response) => {
    clients.push(asked.socket.remoteAddress ?? '');
    const wanted = new URL(asked.url ?? '', 'http://none');
    if (wanted.host !== onlyTo) return void response.writeHead(403).end();
    const passed = request(wanted, { method: asked.method ?? 'GET', headers: asked.headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    passed.once('error', () => response.writeHead(502).end());
    return void asked.pipe(passed);
  });
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  return {
    url: `http://${address}:${(server.address() as AddressInfo).port}`,
    clients,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
