import { AppError } from '../errors/app-error.ts';

/** Names of Go, OCI and Debian for a processor architecture: the same for these two. */
export type Architecture = 'amd64' | 'arm64';

const byNodeName: Readonly<Record<string, Architecture>> = { x64: 'amd64', arm64: 'arm64' };

/** The architecture of this machine, which artifacts are made for: parts of them are made by its C compiler. */
export function hostArchitecture(): Architecture {
  const found = byNodeName[process.arch];
  if (!found) throw new AppError('artifact-failed', `artifacts cannot be made on processor architecture ${process.arch}`, { hint: 'run kubewright on an amd64 or arm64 machine' });
  return found;
}
