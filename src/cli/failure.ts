import { AppError } from '../errors/app-error.ts';
import { systemWords } from '../util/system-words.ts';

/** Any error as one that can be shown. After a request to stop, whatever ended the command did so because of it. */
export function toAppError(error: unknown, signal: AbortSignal): AppError {
  const shown = error instanceof AppError ? error : (localFileError(error) ?? defect(error));
  if (!signal.aborted || shown.code === 'interrupted') return shown;
  const isAbort = error === signal.reason || (error instanceof Error && error.name === 'AbortError');
  return new AppError('interrupted', 'the command was interrupted', { details: isAbort ? [] : [shown.message, ...shown.details], cause: error });
}

const FILE_SYSTEM_SAYS = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT', 'ENOTDIR', 'EISDIR', 'ENOENT', 'ENAMETOOLONG', 'ELOOP', 'EIO', 'EMFILE', 'ENFILE']);

/** What the file system of this machine refuses is no defect: a home that is not there, a cache on a full disk. Of any place that has nothing more exact to say. */
function localFileError(error: unknown): AppError | undefined {
  const { code, syscall, path } = error as Partial<NodeJS.ErrnoException>;
  if (!(error instanceof Error) || syscall === undefined || code === undefined || !FILE_SYSTEM_SAYS.has(code)) return undefined;
  return new AppError('local-file', `${path ?? 'a file'} cannot be used: ${systemWords(error)} (${syscall})`, { cause: error });
}

function defect(error: unknown): AppError {
  const lines = (error instanceof Error ? (error.stack ?? error.message) : String(error)).split('\n');
  return new AppError('internal', error instanceof Error ? error.message : String(error), { details: lines, cause: error });
}

/** Several problems of one command line, or one error, as one. */
export function combined([first, ...others]: readonly [AppError, ...AppError[]]): AppError {
  if (others.length === 0) return first;
  return new AppError(first.code, first.message, { hint: first.hint, details: [...first.details, ...others.map(({ message }) => message)], cause: first });
}
