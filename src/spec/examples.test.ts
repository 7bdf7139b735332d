import { readFileSync, readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { releases } from '../catalogue/catalogue.ts';
import { loadCluster } from './load-cluster.ts';

const EXAMPLES = new URL('../../examples/', import.meta.url);

it.each(readdirSync(EXAMPLES).filter((name) => name.endsWith('.yaml')))('examples/%s is valid and without warnings', (name) => {
  const result = loadCluster(readFileSync(new URL(name, EXAMPLES), 'utf8'), name, { releases, home: '/home/ops' });
  expect(result.ok ? result.warnings : result.problems).toEqual([]);
});
