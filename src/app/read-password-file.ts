import { AppError } from '../errors/app-error.ts';
import { systemWords } from '../util/system-words.ts';
import { readBoundedFile } from './read-bounded-file.ts';

const LIMIT_BYTES = 4096;

/** The first line of a file that holds a password, or of a pipe. Nothing of it is ever told. Throws `local-file`. */
export async function readPasswordFile(path: string, signal: AbortSignal): Promise<string> {
  const read = await readBoundedFile(path, { limitBytes: LIMIT_BYTES, signal }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === undefined) throw error;
    return { refused: systemWords(error) };
  });
  if ('refused' in read)
    throw new AppError('local-file', `password file ${path} cannot be read: ${read.refused}`, { hint: 'name a file, or a pipe, whose first line is the password' });
  return read.text.split(/\r?\n/, 1)[0] ?? '';
}
