import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../errors/app-error.ts';
import { absent } from '../util/absent.ts';
import type { Artifact, ArtifactName, ImageRecord } from './artifact.ts';
import { fileSha256 } from './content-digest.ts';

/** `manifest.json` of a cache entry: what was made, recorded when it was made. */
interface ArtifactRecord {
  readonly name: ArtifactName;
  readonly version: string;
  readonly file: string;
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly images?: readonly ImageRecord[];
}

export interface MadeFile {
  readonly name: ArtifactName;
  readonly version: string;
  readonly file: string;
  readonly images?: readonly ImageRecord[] | undefined;
}

const FILE = 'manifest.json';

/** Records a file that was just made in `dir`, with its digest. */
export async function writeRecord(dir: string, { name, version, file, images }: MadeFile, signal: AbortSignal): Promise<void> {
  const path = join(dir, file);
  const record: ArtifactRecord = { name, version, file, sha256: await fileSha256(path, signal), sizeBytes: (await stat(path)).size, ...(images && { images }) };
  await writeFile(join(dir, FILE), `${JSON.stringify(record, null, 2)}\n`);
}

/** The artifact that an entry holds; `undefined` if there is no such entry. Its size is compared with the record, its digest is not. */
export async function readArtifact(dir: string): Promise<Artifact | undefined> {
  const text = await readFile(join(dir, FILE), 'utf8').catch(absent);
  if (text === undefined) return undefined;
  const { name, version, file, sha256, sizeBytes, images } = JSON.parse(text) as ArtifactRecord;
  const path = join(dir, file);
  const found = (await stat(path).catch(absent))?.size;
  if (found !== sizeBytes) throw damaged(name, dir, `${path} has ${found ?? 'no'} bytes, and had ${sizeBytes} when it was made`);
  return { name, version, path, sha256, sizeBytes, ...(images && { images }) };
}

/** The error for an entry that is not what it was when it was made. */
export function damaged(name: ArtifactName, dir: string, what: string): AppError {
  return new AppError('artifact-failed', `artifact ${name} in the cache is damaged: ${what}`, { hint: `remove ${dir} and run \`kubewright artifacts ensure\`` });
}
