import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';

/** Bytes that can be read more than once, of a size known before. */
export interface Content {
  readonly sizeBytes: number;
  readonly read: () => AsyncIterable<Uint8Array>;
}

/** One entry of an archive. Owner is always root, the time always 0: equal entries give equal bytes. */
export type TarEntry =
  | { readonly kind: 'file'; readonly path: string; readonly mode: number; readonly content: Content }
  | { readonly kind: 'directory'; readonly path: string; readonly mode: number }
  | { readonly kind: 'link'; readonly path: string; readonly target: string };

const BLOCK = 512;
const NAME_BYTES = 100;
const PREFIX_BYTES = 155;
const MAX_SIZE = 8 * 1024 ** 3 - 1;
const LINK_MODE = 0o777;
const TYPE_FLAGS = { file: '0', link: '2', directory: '5' } as const;

/** The bytes of a POSIX ustar archive of the entries, in the order given. */
async function* writeTar(entries: readonly TarEntry[]): AsyncIterable<Uint8Array> {
  for (const entry of entries) {
    yield header(entry);
    if (entry.kind !== 'file') continue;
    yield* exactly(entry.content, entry.path);
    yield Buffer.alloc(padding(entry.content.sizeBytes));
  }
  yield Buffer.alloc(2 * BLOCK);
}

/** An archive as content of another: read twice, it gives the same bytes. */
export function tarContent(entries: readonly TarEntry[]): Content {
  const sizes = entries.map((entry) => (entry.kind === 'file' ? entry.content.sizeBytes : 0));
  return { sizeBytes: sizes.reduce((sum, size) => sum + BLOCK + size + padding(size), 2 * BLOCK), read: () => writeTar(entries) };
}

export function bytesContent(bytes: Uint8Array): Content {
  return {
    sizeBytes: bytes.length,
    read: async function* () {
      yield bytes;
    },
  };
}

/** A file as it is now; reading fails if its size changes. */
export async function fileContent(path: string): Promise<Content> {
  return { sizeBytes: (await stat(path)).size, read: () => createReadStream(path, { highWaterMark: 1 << 20 }) };
}

async function* exactly(content: Content, path: string): AsyncIterable<Uint8Array> {
  let seen = 0;
  for await (const chunk of content.read()) {
    seen += chunk.length;
    yield chunk;
  }
  if (seen !== content.sizeBytes) throw new Error(`${path} has ${seen} bytes where ${content.sizeBytes} were announced`);
}

function padding(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK;
}

/** POSIX.1-1988 ustar: fixed fields, octal numbers, and a checksum over the block with the checksum's own field as blanks. */
function header(entry: TarEntry): Uint8Array {
  const block = Buffer.alloc(BLOCK);
  const { name, prefix } = splitPath(entry.kind === 'directory' ? `${entry.path}/` : entry.path);
  const size = entry.kind === 'file' ? entry.content.sizeBytes : 0;
  if (size > MAX_SIZE) throw new Error(`${entry.path} is larger than a ustar archive can hold`);
  block.write(name, 0);
  block.write(octal(entry.kind === 'link' ? LINK_MODE : entry.mode, 7), 100);
  block.write(octal(0, 7), 108);
  block.write(octal(0, 7), 116);
  block.write(octal(size, 11), 124);
  block.write(octal(0, 11), 136);
  block.write(' '.repeat(8), 148);
  block.write(TYPE_FLAGS[entry.kind], 156);
  if (entry.kind === 'link') block.write(checkedTarget(entry.target), 157);
  block.write('ustar\x0000', 257);
  block.write(octal(0, 7), 329);
  block.write(octal(0, 7), 337);
  block.write(prefix, 345);
  block.write(
    `${octal(
      block.reduce((sum, byte) => sum + byte, 0),
      6,
    )}\0 `,
    148,
  );
  return block;
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, '0');
}

function splitPath(path: string): { readonly name: string; readonly prefix: string } {
  if (Buffer.byteLength(path) <= NAME_BYTES) return { name: path, prefix: '' };
  for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1)) {
    const [prefix, name] = [path.slice(0, at), path.slice(at + 1)];
    if (name !== '' && Buffer.byteLength(name) <= NAME_BYTES && Buffer.byteLength(prefix) <= PREFIX_BYTES) return { name, prefix };
  }
  throw new Error(`${path} is longer than a ustar archive can hold`);
}

function checkedTarget(target: string): string {
  if (Buffer.byteLength(target) > NAME_BYTES) throw new Error(`link target ${target} is longer than a ustar archive can hold`);
  return target;
}
