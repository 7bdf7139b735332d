import type { LoadedCluster } from '../../app/cluster-file.ts';
import { AppError } from '../../errors/app-error.ts';
import { changesBetween, contentsOf } from '../contents.ts';
import { resetOn } from '../deployment.ts';
import { settleWorld } from '../sim-controllers.ts';
import type { SimWorld } from '../sim-world.ts';

/** Contents of each machine, by its name. */
export type Contents = Readonly<Record<string, readonly string[]>>;

export function contentsOfAll(world: SimWorld): Contents {
  settleWorld(world);
  return Object.fromEntries([...world.machines.values()].map((machine) => [machine.name, contentsOf(machine)]));
}

/** Goes on after a mishap with one more `reset`: it must reach the end, leave nothing to do, and every machine must hold what it must. Gives what is not so. */
export async function goOnResetting(world: SimWorld, loaded: LoadedCluster, wanted: Contents): Promise<readonly string[]> {
  const problems: string[] = [];
  try {
    const { outcome } = await resetOn(world, loaded);
    problems.push(...(outcome?.failed ?? []).map(({ step, error }) => `${step} failed: ${error.message} ${error.details.join(' ')}`));
    const { plan } = (await resetOn(world, loaded)).planned;
    problems.push(...plan.steps.map(({ id, why }) => `still to do: ${id}: ${why}`));
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    problems.push(`${error.code}: ${error.message} ${error.details.join(' ')}`);
  }
  const now = contentsOfAll(world);
  return [...problems, ...world.violations, ...Object.entries(now).flatMap(([name, lines]) => changesBetween(wanted[name] ?? [], lines).map((change) => `${name}: ${change}`))];
}
