import { describe, expect, it } from 'vitest';
import { errorSchema } from '../../src/contract/error.ts';
import { exitCodes } from '../../src/errors/codes.ts';
import { readRepository } from './documents.ts';

/** Rows of the table under a heading, by their first cell. */
function rowsUnder(path: string, heading: string): Readonly<Record<string, string>> {
  const [, section = ''] = readRepository(path).split(`\n${heading}\n`);
  const [table = ''] = section.split(/\n## /);
  const cells = table.split('\n').flatMap((line) => (line.startsWith('| ') ? [line.split('|').map((cell) => cell.trim())] : []));
  return Object.fromEntries(cells.slice(2).map(([, exit = '', meaning = '']) => [exit, meaning]));
}

describe('the exit codes of the README', () => {
  const told = rowsUnder('README.md', '## Exit codes');

  it('are those of the source', () => {
    expect(Object.keys(told).map(Number)).toEqual(Object.values(exitCodes));
  });

  it('mean what docs/errors.md, which is made from the source, says', () => {
    expect(told).toEqual(rowsUnder('docs/errors.md', '## Exit codes'));
  });
});

it('the error in docs/errors.md is one of the contract', () => {
  const [, block = ''] = /```json\n([\s\S]*?)```/.exec(readRepository('docs/errors.md')) ?? [];
  expect(errorSchema.parse(JSON.parse(block))).toMatchObject({ apiVersion: 'kubewright.dev/v1alpha1', kind: 'Error' });
});
