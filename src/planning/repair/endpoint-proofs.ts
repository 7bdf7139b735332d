import { fileKey } from '../../facts/keys.ts';
import { isNode } from '../../rules/audit/machine.ts';
import { after, means } from '../step-types.ts';
import type { Draft } from '../step-types.ts';
import type { EndpointTarget } from './endpoint-target.ts';
import { flagOf, laneOfMachine, notSeen } from './repair-scene.ts';
import type { RepairScene } from './repair-scene.ts';

export const NO_AUTHORITY = 'the certificate authority of the cluster could not be read on any control plane';

export const proveEndpointStep = (node: string): string => `${node}/prove-endpoint`;

/**
 * Offers for every machine that is led to the endpoint the proof that the endpoint answers there, whoever serves it: what leads anybody to it needs the proof, whatever a run before has written already. `serving`: the
 * steps of a machine after which it should; where one of them is planned, so is the proof. Gives the ids of the proofs of nodes, on which shared state relies.
 */
export function offerEndpointProofs(scene: RepairScene, { host, port, isOurs }: EndpointTarget, serving: (node: string) => readonly string[]): readonly string[] {
  const { board, view } = scene;
  const authority = authorityText(scene);
  // What is no node gets no proxy, and may be led to somebody's balancer all the same.
  for (const machine of view.machines.filter((each) => isNode(each) || !isOurs)) {
    const { name, facts } = machine;
    const id = proveEndpointStep(name);
    const lane = laneOfMachine(machine);
    if (facts === undefined || authority === undefined) board.refuse(id, lane, facts === undefined ? notSeen(machine) : NO_AUTHORITY);
    else {
      const actions = [means({ kind: 'endpoint-answers', host, port, authority: board.texts.add(authority) })];
      const draft: Draft = { id, title: `prove that ${host} answers on the machine`, on: { lane }, needs: after(...serving(name)), actions };
      // What this plan serves anew may have users already: they are led there by the name that they have.
      if (serving(name).some((step) => board.has(step))) board.addMeans(draft);
      else board.offerMeans(draft);
    }
  }
  return view.machines.filter(isNode).map(({ name }) => proveEndpointStep(name));
}

/** As any control plane has it: they all have the same, which the audit proves. */
export function authorityText({ board, view }: RepairScene): string | undefined {
  for (const machine of view.controlPlanes) {
    const path = flagOf(machine, 'kube-apiserver', 'client-ca-file');
    if (path === undefined) continue;
    board.look({ probe: 'file', path, text: true });
    const file = board.read(laneOfMachine(machine), fileKey(path));
    if (file?.type === 'file' && file.text !== undefined) return file.text;
  }
  return undefined;
}
