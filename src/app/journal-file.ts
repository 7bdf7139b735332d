import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, readdirSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { RunEvent } from '../engine/events.ts';
import type { JournalContent } from '../engine/journal.ts';
import { decodeJournal, encodeRecord, isJournalled } from '../engine/journal.ts';

const PRIVATE_FILE = 0o600;
const PRIVATE_DIRECTORY = 0o700;
const EXTENSION = '.jsonl';

/** The journal of one run: every record is on disk when `append` returns. */
export interface JournalFile {
  readonly path: string;
  append(event: RunEvent): void;
  close(): void;
}

/** Starts the journal of a run in the directory, made if need be. Names sort by time. Throws if there is one of this name. */
export function openJournal(directory: string, run: { readonly startedAt: Date; readonly runId: string }): JournalFile {
  mkdirSync(directory, { recursive: true, mode: PRIVATE_DIRECTORY });
  const path = join(directory, `${run.startedAt.toISOString().replaceAll(':', '-')}-${run.runId}${EXTENSION}`);
  const file = openSync(path, 'ax', PRIVATE_FILE);
  syncDirectory(directory);
  return {
    path,
    append: (event) => {
      if (!isJournalled(event)) return;
      writeWhole(file, Buffer.from(encodeRecord(event)));
      fsyncSync(file);
    },
    close: () => closeSync(file),
  };
}

/** Paths of the journals in the directory, oldest first; none if there is no such directory. */
export function listJournals(directory: string): readonly string[] {
  try {
    const names = readdirSync(directory).filter((name) => name.endsWith(EXTENSION));
    return names.sort().map((name) => join(directory, name));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}

export function readJournal(path: string): JournalContent {
  return decodeJournal(readFileSync(path, 'utf8'));
}

function writeWhole(file: number, bytes: Uint8Array): void {
  let written = 0;
  while (written < bytes.length) written += writeSync(file, bytes, written);
}

/** So that the name of the new file survives a power cut as well. */
function syncDirectory(directory: string): void {
  const handle = openSync(directory, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
