import type { Action } from '../../actions/action.ts';
import type { KubeconfigReader } from '../../actions/kinds/kubeconfig-server.ts';
import type { Planned } from '../../plan/plan.ts';
import type { Machine } from '../../rules/audit/machine.ts';
import { usedKubeconfigs } from '../../rules/audit/kubeconfigs-of-machines.ts';
import type { UsedKubeconfig } from '../../rules/audit/kubeconfigs-of-machines.ts';
import { valueOf } from '../../facts/audit/components.ts';
import { componentOn } from '../../rules/audit/machine.ts';
import { after, goal } from '../step-types.ts';
import { proveEndpointStep } from './endpoint-proofs.ts';
import type { EndpointTarget } from './endpoint-target.ts';
import { laneOfMachine, ownServerOf, repairsOf } from './repair-scene.ts';
import type { RepairScene } from './repair-scene.ts';

const kubeconfigsStep = (node: string): string => `${node}/kubeconfigs`;

const KUBELET = 'kubelet.service';

/** Drafts the servers of kubeconfigs that lead to one other machine: those of a control plane's own programs to the API server beside them, as kubeadm has it, all others to the endpoint. */
export function planKubeconfigs(scene: RepairScene, target: EndpointTarget, certificates: readonly string[]): readonly string[] {
  const wanted = repairsOf(scene, 'stable-endpoint').flatMap(({ nodes }) => nodes);
  const files = usedKubeconfigs(scene.view);
  const planned: string[] = [];
  for (const machine of scene.view.machines) {
    const here = files.filter(
      (file) => file.machine.name === machine.name && wanted.some(({ node, where }) => node === machine.name && where === `${file.path}:${file.view.line}`),
    );
    if (here.length === 0) continue;
    const id = kubeconfigsStep(machine.name);
    const needs = after(...certificates, ...(here.every(leadsBeside) ? [] : [proveEndpointStep(machine.name)]));
    const actions = here.map((file) => actionOf(file, target));
    scene.board.add({
      id,
      title: 'lead kubeconfigs to what every control plane serves',
      on: { lane: laneOfMachine(machine) },
      needs,
      effect: { disruption: 'service', etcdMembers: 0 },
      actions,
    });
    planned.push(id);
  }
  return planned;
}

/** Whether it is to lead to the API server on its own machine. */
function leadsBeside({ machine, use }: UsedKubeconfig): boolean {
  return machine.isControlPlane && use !== 'people';
}

function actionOf(file: UsedKubeconfig, target: EndpointTarget): Planned<Action> {
  const { machine, path, use } = file;
  const reader = readerOf(machine, path, use);
  return goal({ kind: 'kubeconfig-server', path, from: file.view.server, to: leadsBeside(file) ? ownServerOf(machine) : target.server, ...(reader !== undefined && { reader }) });
}

function readerOf(machine: Machine, path: string, use: UsedKubeconfig['use']): KubeconfigReader | undefined {
  if (use === 'kubelet') return { unit: componentOn(machine, 'kubelet')?.process?.unit || KUBELET };
  const program = (['kube-controller-manager', 'kube-scheduler'] as const).find((name) => valueOf(componentOn(machine, name), 'kubeconfig') === path);
  return use === 'controller' && program !== undefined ? { program } : undefined;
}
