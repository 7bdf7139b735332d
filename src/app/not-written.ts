import { existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { AppError } from '../errors/app-error.ts';
import { command } from '../shell/quote.ts';
import { systemWords } from '../util/system-words.ts';

/** The error of a file that a person asked for and that cannot be written: it names that file, never one beside it that becomes it. */
export function notWritten(what: string, path: string, cause: unknown): AppError {
  if (isFolder(path)) return new AppError('local-file', `${what} cannot be written to ${path}: it is a folder`, { hint: 'name a file in it', cause });
  const folder = dirname(resolve(path));
  const lacksFolder = !existsSync(folder);
  return new AppError('local-file', `${what} cannot be written to ${path}: ${lacksFolder ? `there is no folder ${folder}` : systemWords(cause)}`, {
    hint: lacksFolder ? `make the folder with ${command('mkdir', '-p', folder)}, or name another file` : 'name a file in a folder that you may write to',
    cause,
  });
}

export function isFolder(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory();
}
