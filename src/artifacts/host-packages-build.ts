import { mkdir, readdir, stat } from 'node:fs/promises';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { hostPackages, hostPackagesOf } from '../catalogue/host-packages.ts';
import { runProgram } from '../process/run-program.ts';
import { compareStrings } from '../util/canonical-json.ts';
import type { Architecture } from './architecture.ts';
import { fileSha256 } from './content-digest.ts';
import type { TarEntry } from './tar.ts';
import { bytesContent, fileContent, tarContent } from './tar.ts';

export interface HostPackagesBuild {
  readonly architecture: Architecture;
  readonly output: string;
  readonly scratch: string;
  readonly signal: AbortSignal;
  readonly onProgress: (detail: string) => void;
}

/** Without it the owner of apt's folders depends on whether apt's own user could reach them. */
const APT_OPTION = 'APT::Sandbox::User "root"';
const FILE_MODE = 0o644;

/** Everything the archive is made from: part of the name of what is made. */
export const hostPackagesRecipe = { suite: hostPackagesOf.suite, packages: hostPackages } as const;

/**
 * Makes an archive of Debian's packages with everything they depend on, down to the C library: an apt repository of one folder, of which a machine takes what it lacks. apt has verified
 * them by Debian's archive keys.
 */
export async function buildHostPackages({ architecture, output, scratch, signal, onProgress }: HostPackagesBuild): Promise<void> {
  const found = join(scratch, 'packages');
  await mkdir(found, { recursive: true });
  const options = [
    // Of a directory in which nothing is installed, apt wants them all.
    '--variant=extract',
    `--architectures=${architecture}`,
    '--skip=output/dev,cleanup',
    '--format=null',
    `--include=${hostPackages.join(',')}`,
    `--aptopt=${APT_OPTION}`,
    `--extract-hook=cp "$1"/var/cache/apt/archives/*.deb "$KW_FOUND"`,
  ];
  const own = process.getuid?.() === 0 ? { TMPDIR: scratch } : {};
  await runProgram('mmdebstrap', [...options, hostPackagesOf.suite, '/dev/null'], {
    env: { SOURCE_DATE_EPOCH: '0', KW_FOUND: found, ...own },
    signal,
    onLine: (line) => tell(line, onProgress),
  });
  onProgress('writing the archive');
  await pipeline((await repository(found, signal)).read(), createWriteStream(output), { signal });
}

/** A folder of packages as an archive that apt reads; equal packages give equal bytes. */
export async function repository(directory: string, signal: AbortSignal): Promise<ReturnType<typeof tarContent>> {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.deb')).sort(compareStrings);
  const stanzas: string[] = [];
  for (const name of names) stanzas.push(await stanza(join(directory, name), plainName(name), signal));
  const packages: TarEntry = { kind: 'file', path: 'Packages', mode: FILE_MODE, content: bytesContent(Buffer.from(stanzas.join('\n'))) };
  const files = names.map(async (name): Promise<TarEntry> => ({ kind: 'file', path: plainName(name), mode: FILE_MODE, content: await fileContent(join(directory, name)) }));
  return tarContent([packages, ...(await Promise.all(files))]);
}

/** apt takes what stands in `Filename` for a part of an address, in which `%3a` is a colon. */
function plainName(name: string): string {
  return name.replaceAll('%3a', '-');
}

/** What apt's index says of one package (deb-control(5), and the three fields that say where its file is). */
async function stanza(path: string, name: string, signal: AbortSignal): Promise<string> {
  const { stdout } = await runProgram('dpkg-deb', ['--field', path], { signal });
  return `${stdout.trimEnd()}\nFilename: ./${name}\nSize: ${(await stat(path)).size}\nSHA256: ${await fileSha256(path, signal)}\n`;
}

function tell(line: string, onProgress: (detail: string) => void): void {
  const detail = /^I: (?!running --extract-hook)(.*)$/.exec(line)?.[1];
  if (detail !== undefined) onProgress(detail);
}
