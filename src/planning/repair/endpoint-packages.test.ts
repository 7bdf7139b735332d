import { expect, test } from 'vitest';
import { known } from '../../plan/fact.ts';
import { laneId } from '../../plan/plan.ts';
import type { RepairAnswer } from './plan-repair.ts';
import { flawed } from './testing/flaws.ts';
import { repairOf, secondLook } from './testing/repaired-world.ts';

const W1 = laneId('w-1');
const audited = flawed(['endpoint']);

function answerOn(osId: string, osVersion: string): RepairAnswer {
  const seen = secondLook(audited);
  const fact = seen.hosts[W1];
  if (fact?.state !== 'known') throw new Error('w-1 was not seen');
  const platform = { ...fact.value.platform, osId, osLike: [], osVersion };
  return repairOf(audited, { ...seen, hosts: { ...seen.hosts, [W1]: known({ ...fact.value, platform }) } });
}

test.each([
  ['debian', '12', 'apt'],
  ['ubuntu', '24.04', 'apt'],
  ['rocky', '9.4', 'dnf'],
])('haproxy comes to %s %s by %s', (osId, osVersion, manager) => {
  const step = answerOn(osId, osVersion).plan.steps.find(({ id }) => id === 'w-1/endpoint');
  expect(step?.actions.flatMap(({ action }) => (action.kind === 'packages' ? [action.manager] : []))).toEqual([manager]);
});

test('a distribution that is not in the table gets none', () => {
  const { refused } = answerOn('arch', '');
  expect(refused.find(({ id }) => id === 'w-1/endpoint')?.why).toBe('how its distribution installs packages is not known: haproxy cannot be installed there');
});
