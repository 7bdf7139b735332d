import { expect, it } from 'vitest';
import { auditRules } from '../../rules/audit/audit-rules.ts';
import type { AuditFinding } from '../../rules/audit/audit-rule.ts';
import type { AuditSnapshot } from '../../facts/audit/audit-snapshot.ts';
import type { Snapshot } from '../../facts/snapshot.ts';
import { clusterCases } from '../../rules/testing/audit-cluster-cases.ts';
import { componentCases } from '../../rules/testing/audit-component-cases.ts';
import { machineCases } from '../../rules/testing/audit-machine-cases.ts';
import { sharedCases } from '../../rules/testing/audit-shared-cases.ts';
import { planRepair } from './plan-repair.ts';
import type { RepairAnswer } from './plan-repair.ts';
import { afterRepair, secondLook, viewOf } from './testing/repaired-world.ts';

/** Findings of one code that say of themselves that they can be mended. */
const automatic = (audited: AuditSnapshot, code: string): readonly AuditFinding[] =>
  auditRules.filter((rule) => rule.code === code && rule.isMended === true).flatMap((rule) => rule.check(viewOf(audited)).filter(({ remedy }) => remedy.kind === 'automatic'));

/** Its pods are started anew, and once; where the scheduler puts them nobody foretells: this world leaves them. */
const IS_UP_TO_THE_SCHEDULER = 'coredns-on-one-node';

const repairOnly = (audited: AuditSnapshot, code: string, snapshot: Snapshot): RepairAnswer => planRepair({ findings: automatic(audited, code), view: viewOf(audited), snapshot });

const cases = [...sharedCases, ...machineCases, ...componentCases, ...clusterCases].filter(([, audited, code]) => automatic(audited, code).length > 0);

it.each(cases)('%s: is mended by itself, without a person, and then found no more', (...[, audited, code]) => {
  const before = secondLook(audited);
  const { plan, byHand, refused } = repairOnly(audited, code, before);
  expect({ byHand, refused }).toEqual({ byHand: [], refused: [] });
  expect(plan.steps).not.toEqual([]);
  const after = afterRepair(audited, plan, before);
  expect(automatic(after.audited, code)).toHaveLength(code === IS_UP_TO_THE_SCHEDULER ? 1 : 0);
  expect(repairOnly(after.audited, code, after.snapshot).plan.steps).toEqual([]);
});

it('holds a case of every rule whose findings are mended', () => {
  const shown = new Set(cases.map(([, , code]) => code));
  expect(auditRules.filter(({ code, isMended }) => isMended === true && !shown.has(code)).map(({ code }) => code)).toEqual([]);
});
