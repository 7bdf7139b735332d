import { createHash } from 'node:crypto';
import type { Content } from './tar.ts';
import { fileContent } from './tar.ts';

/** Lower-case hexadecimal sha256 of a content, read in pieces. */
export async function contentSha256(content: Content, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of content.read()) {
    signal?.throwIfAborted();
    hash.update(chunk);
  }
  return hash.digest('hex');
}

/** Lower-case hexadecimal sha256 of a file of any size. */
export async function fileSha256(path: string, signal?: AbortSignal): Promise<string> {
  return contentSha256(await fileContent(path), signal);
}
