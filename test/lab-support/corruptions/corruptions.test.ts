import { expect, it } from 'vitest';
import { clusterCases } from '../../../src/rules/testing/audit-cluster-cases.ts';
import { identityCases } from '../../../src/rules/testing/audit-identity-cases.ts';
import { componentCases } from '../../../src/rules/testing/audit-component-cases.ts';
import { machineCases } from '../../../src/rules/testing/audit-machine-cases.ts';
import { sharedCases } from '../../../src/rules/testing/audit-shared-cases.ts';
import { corruptions } from './corruptions.ts';

/** Bar 3 asks for as many, on recorded snapshots and live. */
const LEAST = 30;

it('what is spoilt on living clusters is what is spoilt in recorded ones', () => {
  const recorded = new Map([...sharedCases, ...machineCases, ...componentCases, ...identityCases, ...clusterCases].map(([wrong, , code]) => [wrong, code]));
  expect(corruptions.map(({ wrong }) => [wrong, recorded.get(wrong)])).toEqual(corruptions.map(({ wrong, code }) => [wrong, code]));
  expect(new Set(corruptions.map(({ wrong }) => wrong)).size).toBe(corruptions.length);
  expect(corruptions.length).toBeGreaterThanOrEqual(LEAST);
});
