import { fileKey } from '../../facts/keys.ts';
import { after, means } from '../step-types.ts';
import type { EndpointTarget } from './endpoint-target.ts';
import { flagOf, laneOfMachine } from './repair-scene.ts';
import type { RepairScene } from './repair-scene.ts';

export const NO_AUTHORITY = 'the certificate authority of the cluster could not be read on any control plane';

export const proveEndpointStep = (node: string): string => `${node}/prove-endpoint`;

/**
 * Offers for every machine the proof that the endpoint answers there, whoever serves it: what leads anybody to it needs the proof, whatever a run before has written already. `serving`: the
 * steps of a machine after which it should. Gives the ids of all proofs.
 */
export function offerEndpointProofs(scene: RepairScene, { host, port }: EndpointTarget, serving: (node: string) => readonly string[]): readonly string[] {
  const { board, view } = scene;
  const authority = authorityText(scene);
  for (const { name, facts } of view.machines) {
    const id = proveEndpointStep(name);
    const lane = laneOfMachine({ name });
    if (facts === undefined || authority === undefined) board.refuse(id, lane, facts === undefined ? 'the machine could not be seen' : NO_AUTHORITY);
    else {
      const actions = [means({ kind: 'endpoint-answers', host, port, authority: board.texts.add(authority) })];
      board.offerMeans({ id, title: `prove that ${host} answers on the machine`, on: { lane }, needs: after(...serving(name)), actions });
    }
  }
  return view.machines.map(({ name }) => proveEndpointStep(name));
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
