import { exitCodes } from '../errors/codes.ts';

/** The part of `process` that output goes to. */
export interface OutputProcess {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  exitCode?: number | string | null | undefined;
  on(event: 'exit', listener: () => void): unknown;
}

export interface OutputStream {
  on(event: 'error', listener: (error: NodeJS.ErrnoException) => void): unknown;
  write(text: string): unknown;
}

/**
 * Keeps output that cannot be written from ending the process in the middle of its work. A reader that has seen enough (`| head`) wants no more; words lost otherwise, on a full
 * disk, are told at the end, and a command that lost them has not succeeded. The failure of the last words is known only when the process ends. Gives whether somebody still reads
 * standard output, as far as is known: node's own stream forgets that a write failed.
 */
export function watchOutput(process: OutputProcess): () => boolean {
  const { stdout, stderr } = process;
  let lost: NodeJS.ErrnoException | undefined;
  let isRead = true;
  stdout.on('error', (error) => {
    if (error.code === 'EPIPE') isRead = false;
    else lost ??= error;
  });
  // There is nowhere left to say it.
  stderr.on('error', () => undefined);
  process.on('exit', () => {
    if (lost === undefined) return;
    stderr.write(`error: standard output could not be written: ${lost.message}; what it holds is not whole\n`);
    if (Number(process.exitCode ?? exitCodes.ok) === exitCodes.ok) process.exitCode = exitCodes.usage;
  });
  return () => isRead;
}
