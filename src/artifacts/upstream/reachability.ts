import type { Release } from '../../catalogue/release.ts';
import { AppError } from '../../errors/app-error.ts';
import { hostArchitecture } from '../architecture.ts';
import { fetchText } from './download.ts';
import { publishedFiles } from './published-file.ts';
import type { UpstreamSites } from './sites.ts';
import { sitesHere } from './sites.ts';

const PATIENCE_MS = 5000;

/** Whether upstream answers with what it publishes of this release: one small file is asked for. */
export async function answersForUpstream(release: Release, signal: AbortSignal, sites: UpstreamSites = sitesHere()): Promise<boolean> {
  const [first] = publishedFiles(release, hostArchitecture(), sites);
  if (first === undefined) return false;
  try {
    await fetchText(first.sumsUrl, { signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]) });
    return true;
  } catch (cause) {
    signal.throwIfAborted();
    if (cause instanceof AppError) return false;
    throw cause;
  }
}
