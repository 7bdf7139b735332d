import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { contentSha256 } from './content-digest.ts';
import { repository } from './host-packages-build.ts';

const never = new AbortController().signal;
let root = '';

/** Two packages as Debian makes them, one of them with an epoch in its file's name. */
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'packages-'));
  await mkdir(join(root, 'found'));
  for (const [name, version, depends] of [
    ['kw-one', '1.0', 'Depends: kw-two\n'],
    ['kw-two', '1:2.0', ''],
  ] as const) {
    await mkdir(join(root, name, 'DEBIAN'), { recursive: true });
    await writeFile(join(root, name, 'DEBIAN/control'), `Package: ${name}\nVersion: ${version}\nArchitecture: all\nMaintainer: t <t@example.com>\n${depends}Description: d\n`);
    execFileSync('dpkg-deb', ['--build', '--root-owner-group', join(root, name), join(root, 'found', `${name}_${version.replace(':', '%3a')}_all.deb`)]);
  }
});
afterAll(() => rm(root, { recursive: true }));

it('is a repository of one folder that apt installs from, with what a package depends on', async () => {
  const unpacked = join(root, 'unpacked');
  await mkdir(join(unpacked, 'lists/partial'), { recursive: true });
  await writeFile(join(root, 'status'), '');
  execFileSync('tar', ['-x', '-C', unpacked], { input: await bytes() });
  expect(await readFile(join(unpacked, 'Packages'), 'utf8')).toMatch(
    /^Package: kw-one\n[^]*\nFilename: \.\/kw-one_1\.0_all\.deb\nSize: \d+\nSHA256: [0-9a-f]{64}\n\nPackage: kw-two\n/,
  );
  await writeFile(join(root, 'sources.list'), `deb [trusted=yes] file:${unpacked} ./\n`);
  const options = [`Dir::Etc::SourceList=${root}/sources.list`, 'Dir::Etc::SourceParts=/dev/null', `Dir::State::Lists=${unpacked}/lists`, `Dir::State::status=${root}/status`];
  const isolated = [...options, 'Dir::Cache::pkgcache=', 'Dir::Cache::srcpkgcache=', 'APT::Sandbox::User=root'].flatMap((option) => ['-o', option]);
  const apt = (...words: readonly string[]): string => execFileSync('apt-get', [...words, '-q', ...isolated], { encoding: 'utf8' });
  apt('update');
  expect(apt('install', '--simulate', '-o', 'Debug::NoLocking=1', 'kw-one').match(/^Inst .*$/gm)).toEqual([
    'Inst kw-two (1:2.0 localhost [all])',
    'Inst kw-one (1.0 localhost [all])',
  ]);
});

it('has the same bytes for the same packages', async () => {
  expect(await contentSha256(await repository(join(root, 'found'), never))).toBe(await contentSha256(await repository(join(root, 'found'), never)));
});

async function bytes(): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of (await repository(join(root, 'found'), never)).read()) parts.push(part);
  return Buffer.concat(parts);
}
