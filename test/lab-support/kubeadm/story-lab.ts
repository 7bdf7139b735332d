import { mustKubewright } from '../kubewright.ts';
import { clearLab, raiseLab } from '../test-lab.ts';
import type { Machine, TestLab } from '../test-lab.ts';
import { cachedArtifacts, installMachines } from './install-machine.ts';

/** Where the story is told: clusters that kubeadm alone has made. */
export const STORY_LAB: TestLab = { name: 'kwstory', subnet: '10.88.224.0/24', controlPlanes: 3, workers: 1 };

/** Machines with everything that kubeadm needs, all at once, whatever an earlier run has left. */
export async function raiseInstalledLab(lab: TestLab = STORY_LAB): Promise<readonly Machine[]> {
  await clearLab(lab);
  const [machines, artifacts] = await Promise.all([raiseLab(lab), cachedArtifacts()]);
  await installMachines(machines, artifacts);
  return machines;
}

export async function saveLab({ name }: TestLab): Promise<void> {
  await mustKubewright(['lab', 'save', '--name', name]);
}

export async function restoreLab({ name }: TestLab): Promise<void> {
  await mustKubewright(['lab', 'restore', '--name', name]);
}
