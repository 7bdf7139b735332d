import type { Release } from '../../catalogue/release.ts';
import type { Architecture } from '../architecture.ts';
import { publishedFiles } from './published-file.ts';
import type { UpstreamSites } from './sites.ts';

/** Where a program is published: a file, and its path in it where that is an archive. */
export interface PublishedProgram {
  readonly url: string;
  readonly member?: string;
}

/** Where each program of a release is published, by its name. */
export function publishedPrograms(release: Release, architecture: Architecture, sites: UpstreamSites): ReadonlyMap<string, PublishedProgram> {
  return new Map(
    publishedFiles(release, architecture, sites).flatMap(({ url, programs, isArchive }) =>
      Object.entries(programs).map(([name, member]) => [name, isArchive && member !== undefined ? { url, member } : { url }] as const),
    ),
  );
}
