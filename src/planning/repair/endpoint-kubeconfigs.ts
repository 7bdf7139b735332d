import type { Action } from '../../actions/action.ts';
import type { KubeconfigReader } from '../../actions/kinds/kubeconfig-server.ts';
import type { Planned } from '../../plan/plan.ts';
import type { Machine } from '../../rules/audit/machine.ts';
import { usedKubeconfigs } from '../../rules/audit/kubeconfigs-of-machines.ts';
import type { UsedKubeconfig } from '../../rules/audit/kubeconfigs-of-machines.ts';
import { valueOf } from '../../facts/audit/components.ts';
import { componentOn, isNode } from '../../rules/audit/machine.ts';
import { after, goal } from '../step-types.ts';
import { proveEndpointStep } from './endpoint-proofs.ts';
import { endpointStep } from './endpoint-proxies.ts';
import type { EndpointTarget } from './endpoint-target.ts';
import { laneOfMachine, ownServerOf, repairsOf } from './repair-scene.ts';
import type { RepairScene } from './repair-scene.ts';

const peoplesStep = (node: string): string => `${node}/people-kubeconfigs`;
const kubeconfigsStep = (node: string): string => `${node}/kubeconfigs`;

const KUBELET = 'kubelet.service';

/** Drafts the servers of kubeconfigs that lead to one other machine: those of a control plane's own programs to the API server beside them, as kubeadm has it, all others to the endpoint. */
export function planKubeconfigs(scene: RepairScene, target: EndpointTarget, certificates: readonly string[]): readonly string[] {
  const wanted = repairsOf(scene, 'stable-endpoint').flatMap(({ nodes }) => nodes);
  const files = usedKubeconfigs(scene.view);
  const planned: string[] = [];
  for (const machine of scene.view.machines) {
    const here = files
      .filter((file) => file.machine.name === machine.name && wanted.some(({ node, where }) => node === machine.name && where === whereOf(file)))
      .filter((file) => !leftToHand(scene, file, target));
    const ofPrograms = here.filter(({ use }) => use !== 'people');
    // What people keep may have credentials that ended long ago: it is tried too, and holds up nobody when it fails.
    planFiles(scene, machine, { id: peoplesStep(machine.name), files: here.filter(({ use }) => use === 'people'), target, certificates });
    if (ofPrograms.length === 0) continue;
    planFiles(scene, machine, { id: kubeconfigsStep(machine.name), files: ofPrograms, target, certificates });
    planned.push(kubeconfigsStep(machine.name));
  }
  return planned;
}

const whereOf = ({ path, view }: UsedKubeconfig): string => `${path}:${view.line}`;

/** Whether a person must see to a file: nothing that is written into it would lead it elsewhere, or its machine gets no proxy. */
function leftToHand(scene: RepairScene, file: UsedKubeconfig, target: EndpointTarget): boolean {
  const { machine, path, view } = file;
  const to = serverOf(file, target);
  const isServed = isNode(machine) || !target.isOurs || leadsBeside(file);
  // A proxy that comes with this plan serves the name on the machine itself.
  const staysAsItIs = view.server === to && !scene.board.has(endpointStep(machine.name));
  if (isServed && view.server !== to) return false;
  if (!isServed || staysAsItIs) {
    const why = isServed
      ? `${path} on ${machine.name} leads to ${to} as it should, and that is one machine: make ${to} lead to every API server there`
      : `${machine.name} is no node of the cluster and gets no proxy: lead ${path} there to an address that every API server stands behind`;
    const codes = repairsOf(scene, 'stable-endpoint').flatMap(({ code, nodes }) =>
      nodes.some(({ node, where }) => node === machine.name && where === whereOf(file)) ? [code] : [],
    );
    scene.byHand.push(...codes.map((code) => ({ code, steps: [why] })));
  }
  return true;
}

function serverOf(file: UsedKubeconfig, { server }: EndpointTarget): string {
  return leadsBeside(file) ? ownServerOf(file.machine) : server;
}

interface PlannedFiles {
  readonly id: string;
  readonly files: readonly UsedKubeconfig[];
  readonly target: EndpointTarget;
  readonly certificates: readonly string[];
}

function planFiles({ board }: RepairScene, machine: Machine, { id, files, target, certificates }: PlannedFiles): void {
  const isOfPeople = files.every(({ use }) => use === 'people');
  board.add({
    id,
    title: isOfPeople ? "lead people's kubeconfigs to the endpoint" : 'lead kubeconfigs to what every control plane serves',
    on: { lane: laneOfMachine(machine) },
    needs: after(...certificates, ...(files.every(leadsBeside) ? [] : [proveEndpointStep(machine.name)])),
    effect: { disruption: isOfPeople ? 'none' : 'service', etcdMembers: 0 },
    actions: files.map((file) => actionOf(file, target)),
  });
}

/** Whether it is to lead to the API server on its own machine. */
function leadsBeside({ machine, use }: UsedKubeconfig): boolean {
  return machine.isControlPlane && use !== 'people';
}

function actionOf(file: UsedKubeconfig, target: EndpointTarget): Planned<Action> {
  const { machine, path, use } = file;
  const reader = readerOf(machine, path, use);
  return goal({ kind: 'kubeconfig-server', path, from: file.view.server, to: serverOf(file, target), ...(reader !== undefined && { reader }) });
}

const HEALTHZ = { address: '127.0.0.1', port: '10248' };

/** Where the kubelet of a machine says that it is well, by the configuration that it really reads; port 0 turns it off. */
function healthzOf({ facts }: Machine): string {
  const fields = facts?.kubeletConfig.state === 'known' ? facts.kubeletConfig.value.fields : {};
  const [address, port] = [fields['healthzBindAddress']?.text || HEALTHZ.address, fields['healthzPort']?.text || HEALTHZ.port];
  const host = address === '0.0.0.0' ? HEALTHZ.address : address === '::' ? '::1' : address;
  return port === '0' ? '' : `${host}:${port}`;
}

function readerOf(machine: Machine, path: string, use: UsedKubeconfig['use']): KubeconfigReader | undefined {
  if (use === 'kubelet') return { unit: componentOn(machine, 'kubelet')?.process?.unit || KUBELET, healthz: healthzOf(machine) };
  const program = (['kube-controller-manager', 'kube-scheduler'] as const).find((name) => valueOf(componentOn(machine, name), 'kubeconfig') === path);
  return use === 'controller' && program !== undefined ? { program } : undefined;
}
