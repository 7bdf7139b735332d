// Runs a suite of checks (scripts/checks/tiers.ts) to its end. The last line printed is `N passed, N failed` over all of them; the exit code is 1 when any failed.
import { join } from 'node:path';
import pLimit from 'p-limit';
import { labRequirements } from '../src/lab/lab-requirements.ts';
import type { CheckResult } from './checks/run-check.ts';
import { runCheck } from './checks/run-check.ts';
import type { SuiteName, Tier } from './checks/tiers.ts';
import { suites } from './checks/tiers.ts';

const EXIT_USAGE = 2;

process.chdir(join(import.meta.dirname, '..'));
const suite = process.argv[2] ?? '';
if (isSuite(suite)) await main(suites[suite]);
else {
  console.error(`usage: run-checks.ts ${Object.keys(suites).join('|')}`);
  process.exitCode = EXIT_USAGE;
}

function isSuite(name: string): name is SuiteName {
  return Object.hasOwn(suites, name);
}

async function main(tiers: readonly Tier[]): Promise<void> {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => controller.abort());
  const results: CheckResult[] = [];
  let blockedBy: string | undefined;
  for (const tier of tiers) {
    const reason = (await whyNotHere(tier)) ?? blockedBy;
    const ofTier = reason === undefined ? await runTier(tier, controller.signal) : refuseTier(tier, reason);
    results.push(...ofTier);
    if (controller.signal.aborted) blockedBy = 'interrupted';
    else if (tier.blocking && ofTier.some((result) => result.failed > 0)) blockedBy ??= `the tier ${tier.name} before it failed`;
  }
  summarise(results);
}

/** Why this machine cannot run a tier; such a tier fails, it is not skipped in silence. */
async function whyNotHere(tier: Tier): Promise<string | undefined> {
  if (!tier.onTheLab) return undefined;
  const { problems } = await labRequirements();
  return problems.length === 0 ? undefined : `it needs a lab, which cannot run here: ${problems.join('; ')}`;
}

async function runTier(tier: Tier, signal: AbortSignal): Promise<readonly CheckResult[]> {
  const start = performance.now();
  console.log(`== tier ${tier.name}`);
  const limit = pLimit(tier.atOnce);
  const results = await Promise.all(tier.checks.map((check) => limit(() => runCheck(check, signal))));
  console.log(`== tier ${tier.name}: ${((performance.now() - start) / 1000).toFixed(1)} s`);
  return results;
}

function refuseTier(tier: Tier, why: string): readonly CheckResult[] {
  console.log(`== tier ${tier.name} does not run: ${why}`);
  return tier.checks.map(({ name }) => ({ name, passed: 0, failed: 1, seconds: 0, why }));
}

function summarise(results: readonly CheckResult[]): void {
  console.log('');
  for (const { name, passed, failed, seconds, why } of results) {
    console.log(
      `${name.padEnd(18)}${passed.toString().padStart(6)} passed${failed.toString().padStart(5)} failed${seconds.toFixed(1).padStart(9)} s${why === undefined ? '' : `   ${why}`}`,
    );
  }
  for (const { name, failures = [] } of results) for (const failure of failures) console.log(`FAILED [${name}] ${failure}`);
  const total = (key: 'passed' | 'failed'): number => results.reduce((sum, result) => sum + result[key], 0);
  process.exitCode = total('failed') === 0 ? 0 : 1;
  console.log(`${total('passed')} passed, ${total('failed')} failed`);
}
