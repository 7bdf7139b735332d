import { chmod, mkdir, rename } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Release } from '../../catalogue/release.ts';
import { AppError } from '../../errors/app-error.ts';
import { runProgram } from '../../process/run-program.ts';
import type { Architecture } from '../architecture.ts';
import type { ArtifactName, ImageArchiveName, ImageRecord } from '../artifact.ts';
import { isBinaryName } from '../artifact.ts';
import type { BuildUnit, UnitMaking } from '../build-unit.ts';
import { archiveImages } from '../image-definitions.ts';
import { download, fetchText } from './download.ts';
import type { PublishedFile } from './published-file.ts';
import { digestIn, publishedFiles } from './published-file.ts';
import { pullImages } from './pull-images.ts';
import type { UpstreamSites } from './sites.ts';
import { addressAt, publicSites } from './sites.ts';
import { verifySignature } from './signature.ts';

const PROGRAM_MODE = 0o755;

/** The units of a release that are fetched as upstream publishes them, in the order in which machines need them. */
export function upstreamUnits(release: Release, architecture: Architecture, sites: UpstreamSites): readonly BuildUnit[] {
  const files = publishedFiles(release, architecture, publicSites).map((file) => fileUnit(file, sites));
  return [...files, imagesUnit('images-control-plane', release, sites), imagesUnit('images-node', release, sites)];
}

/** What is published is one thing, wherever it is fetched from: the recipe names the publisher's address. */
function fileUnit(file: PublishedFile, sites: UpstreamSites): BuildUnit {
  const outputs = Object.keys(file.programs) as ArtifactName[];
  return {
    lane: `upstream-${basename(file.url)}`,
    outputs,
    inputs: [],
    tools: [],
    recipe: (name) => ({ source: 'upstream', url: file.url, member: isBinaryName(name) ? file.programs[name] : undefined }),
    make: (making) => fetchFile({ ...file, url: addressAt(sites, file.url), sumsUrl: addressAt(sites, file.sumsUrl) }, making),
  };
}

async function fetchFile(file: PublishedFile, { outputs, scratch, signal, onProgress }: UnitMaking): Promise<void> {
  const path = join(scratch, 'published');
  onProgress('downloading', file.url);
  const sums = await fetchText(file.sumsUrl, { signal });
  const sha256 = digestIn(sums.text, basename(file.url));
  if (sha256 === undefined) throw new AppError('artifact-failed', `${file.sumsUrl} names no sha256 of ${basename(file.url)}; without one nothing is taken`, { retry: 'safe' });
  await download(file.url, { path, sha256 }, { signal });
  if (file.signedBy !== undefined) await verifySignature({ path, url: file.url, scratch, ...file.signedBy }, signal);
  const unpacked = join(scratch, 'unpacked');
  await mkdir(unpacked);
  if (file.isArchive) await runProgram('tar', ['-xzf', path, '-C', unpacked, '--no-same-owner'], { signal });
  for (const [name, output] of outputs) {
    const member = isBinaryName(name) ? file.programs[name] : undefined;
    if (member === undefined) throw new Error(`${file.url} has no ${name}`);
    await rename(file.isArchive ? join(unpacked, member) : path, output).catch((cause: unknown) => {
      throw new AppError('artifact-failed', `${file.url} holds no ${member}`, { cause });
    });
    await chmod(output, PROGRAM_MODE);
  }
}

function imagesUnit(name: ImageArchiveName, release: Release, sites: UpstreamSites): BuildUnit {
  const images = archiveImages[name].map(({ role }) => release.images[role]);
  return {
    lane: `upstream-${name}`,
    outputs: [name],
    inputs: [],
    tools: [],
    recipe: () => ({ source: 'upstream', images }),
    make: async ({ architecture, outputs, scratch, signal, onProgress }) => {
      const records = new Map<ArtifactName, readonly ImageRecord[]>();
      for (const [archive, output] of outputs)
        records.set(archive, await pullImages({ names: images, architecture, sites, output, scratch, signal, onProgress: (detail) => onProgress('downloading', detail) }));
      return records;
    },
  };
}
