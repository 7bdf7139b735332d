import { randomUUID } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { digestOf } from '../../src/artifacts/testing/upstream-server.ts';

const OCI = 'application/vnd.oci.image';

export interface SmallRegistry {
  /** `ADDRESS:PORT`; runtimes speak without TLS to one on loopback. */
  readonly host: string;
  /** Who asked for what, and with which login. */
  readonly requests: readonly RegistryRequest[];
  /** Digest of the manifest of its one image. */
  readonly digest: string;
  /** Has its layer be other bytes of the same length. */
  lie(): void;
  close(): void;
}

export interface RegistryRequest {
  readonly from: string;
  readonly path: string;
  readonly authorization: string | undefined;
}

/** A registry with one image of one file, named `pause`. */
export async function startRegistry(scratch: string, address = '127.0.0.1'): Promise<SmallRegistry> {
  const tar = join(scratch, 'layer.tar');
  // No other's: what a runtime has already it does not fetch.
  writeFileSync(join(scratch, 'file'), randomUUID());
  execFileSync('tar', ['-cf', tar, '-C', scratch, 'file']);
  const layer = gzipSync(readFileSync(tar));
  const config = encode({
    architecture: { x64: 'amd64', arm64: 'arm64' }[process.arch as 'x64' | 'arm64'],
    os: 'linux',
    config: {},
    rootfs: { type: 'layers', diff_ids: [digestOf(readFileSync(tar))] },
  });
  const part = (bytes: Uint8Array, mediaType: string): object => ({ mediaType, digest: digestOf(bytes), size: bytes.length });
  const manifest = encode({
    schemaVersion: 2,
    mediaType: `${OCI}.manifest.v1+json`,
    config: part(config, `${OCI}.config.v1+json`),
    layers: [part(layer, `${OCI}.layer.v1.tar+gzip`)],
  });
  const files = new Map([config, layer, manifest].map((bytes) => [digestOf(bytes), bytes]));
  const requests: RegistryRequest[] = [];
  const server = createServer(({ url = '', headers, socket }, response) => {
    requests.push({ from: socket.remoteAddress ?? '', path: url, authorization: headers.authorization });
    const [, kind = '', digest = ''] = /^\/v2\/pause\/(manifests|blobs)\/([^?]+)/.exec(url) ?? [];
    const bytes = files.get(digest);
    if (bytes === undefined) return void response.writeHead(404).end();
    response.writeHead(200, {
      'content-type': kind === 'manifests' ? `${OCI}.manifest.v1+json` : 'application/octet-stream',
      'content-length': bytes.length,
      'docker-content-digest': digest,
    });
    return void response.end(bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  return {
    host: `${address}:${(server.address() as AddressInfo).port}`,
    requests,
    digest: digestOf(manifest),
    lie: () => void files.set(digestOf(layer), Buffer.alloc(layer.length, 'x')),
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

function encode(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value));
}
