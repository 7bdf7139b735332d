import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { layers } from '../../layers.config.js';
import { clusterFileKeys } from '../../scripts/docs/cluster-file-keys.ts';
import { clusterFileSchema } from '../../src/spec/schema.ts';
import { codeSpans, linkedPaths, pages, readRepository } from './documents.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const OWN_FOLDERS = /^(src|test|scripts|docs|examples|bin|assets)\/[\w./-]+$/;

describe.each(pages())('$path', (page) => {
  it('links to files that are there', () => {
    expect(linkedPaths(page).filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  it('names files that are there', () => {
    const named = codeSpans(page).flatMap(({ line }) => (OWN_FOLDERS.test(line) ? [line] : []));
    expect(named.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });
});

it('every page under docs/ is reached from the README', () => {
  const reached = pages().flatMap(linkedPaths);
  const isReached = (path: string): boolean => reached.some((target) => target === path || (statSync(join(ROOT, target)).isDirectory() && path.startsWith(`${target}/`)));
  expect(
    pages()
      .map(({ path }) => path)
      .filter((path) => path.startsWith('docs/') && !isReached(path)),
  ).toEqual([]);
});

it('each decision has a number of its own, the same in its heading, and its three parts', () => {
  const decisions = pages().filter(({ path }) => path.startsWith('docs/decisions/'));
  const numberOf = (path: string): number => Number(/^docs\/decisions\/(\d{3})-/.exec(path)?.[1]);
  expect(new Set(decisions.map(({ path }) => numberOf(path))).size).toBe(decisions.length);
  const wrong = decisions.filter(({ path, text }) => {
    const heading = new RegExp(`^# ${numberOf(path)}\\. .+\\n\\n\\*\\*Context\\.\\*\\* [\\s\\S]+\\n\\n\\*\\*Decision\\.\\*\\* [\\s\\S]+\\n\\n\\*\\*Consequences\\.\\*\\* `);
    return !heading.test(text);
  });
  expect(wrong.map(({ path }) => path)).toEqual([]);
});

it('ARCHITECTURE.md has the table of layers.config.js', () => {
  const rows = readRepository('ARCHITECTURE.md').matchAll(/^\| `(?<folder>\w+)` +\|[^|]*\| (?<allowed>[^|]*?) +\|$/gm);
  const written = Object.fromEntries([...rows].map(({ groups }) => [groups?.['folder'], groups?.['allowed']?.split(' ').sort()]));
  const wordsOf = (allowed: readonly string[] | '*'): readonly string[] => (allowed === '*' ? ['everything'] : allowed.length === 0 ? ['-'] : [...allowed].sort());
  expect(written).toEqual(Object.fromEntries(Object.entries(layers).map(([folder, allowed]) => [folder, wordsOf(allowed)])));
});

it('the example of three control planes shows every key of the cluster file', () => {
  const example = readRepository('examples/three-control-planes.yaml');
  const lastWord = (path: string): string => path.split('.').at(-1)?.replace('[]', '') ?? path;
  const missing = clusterFileKeys(clusterFileSchema).filter(({ path }) => !new RegExp(`\\b${lastWord(path)}:`).test(example));
  expect(missing.map(({ path }) => path)).toEqual([]);
});
