import type { LoadedCluster } from '../../app/cluster-file.ts';
import { AppError } from '../../errors/app-error.ts';
import type { Hooks } from '../deployment.ts';
import { applyOn, planOn } from '../deployment.ts';
import { judgeWorld } from '../judge-world.ts';
import type { SimWorld } from '../sim-world.ts';

/** Goes on after a mishap with one more `apply`: it must reach the end, leave nothing to do, and the world must be as it must. Gives what is not so. */
export async function goOn(world: SimWorld, loaded: LoadedCluster, hooks: Hooks = {}): Promise<readonly string[]> {
  const problems: string[] = [];
  try {
    const { outcome } = await applyOn(world, loaded, hooks);
    problems.push(...(outcome?.failed ?? []).map(({ step, error }) => `${step} failed: ${error.message} ${error.details.join(' ')}`));
    const { plan, refused } = await planOn(world, loaded);
    problems.push(...plan.steps.map(({ id, why }) => `still to do: ${id}: ${why}`), ...refused.map(({ id, why }) => `${id} is refused: ${why}`));
    return [...problems, ...(await judgeWorld(world, loaded.cluster))];
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return [...problems, `${error.code}: ${error.message} ${error.details.join(' ')}`, ...world.violations];
  }
}
