import { join } from 'node:path';
import { writeFile } from 'node:fs/promises';
import { AppError } from '../../errors/app-error.ts';
import { runProgram } from '../../process/run-program.ts';
import { fetchText } from './download.ts';

export interface SignedFile {
  readonly path: string;
  readonly url: string;
  readonly identity: string;
  readonly issuer: string;
  readonly scratch: string;
}

/** Whether this machine has cosign, which alone can judge signatures without a key. */
export async function hasCosign(): Promise<boolean> {
  try {
    await runProgram('cosign', ['version']);
    return true;
  } catch (cause) {
    if (cause instanceof AppError) return false;
    throw cause;
  }
}

/** Has cosign judge a file's published signature; where there is no cosign, the file has been compared with its published digest alone. Throws `artifact-failed`. */
export async function verifySignature({ path, url, identity, issuer, scratch }: SignedFile, signal: AbortSignal): Promise<void> {
  if (!(await hasCosign())) return;
  const [signature, certificate] = [join(scratch, 'published.sig'), join(scratch, 'published.cert')];
  await writeFile(signature, (await fetchText(`${url}.sig`, { signal })).text);
  await writeFile(certificate, (await fetchText(`${url}.cert`, { signal })).text);
  const words = ['verify-blob', path, '--signature', signature, '--certificate', certificate, '--certificate-identity', identity, '--certificate-oidc-issuer', issuer];
  await runProgram('cosign', words, { signal }).catch((cause: unknown) => {
    if (!(cause instanceof AppError) || cause.code !== 'program-failed') throw cause;
    throw new AppError('artifact-failed', `${url} is not signed by ${identity}; it was thrown away`, {
      cause,
      details: cause.details,
      hint: 'do not use it; take another source with --source',
    });
  });
}
