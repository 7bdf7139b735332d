import { KUBEADM, KUBE_PROXY_KUBECONFIG, KUBE_PROXY_WORKLOAD } from '../../rules/audit/shared-documents.ts';
import { after } from '../step-types.ts';
import { planKubeconfigs } from './endpoint-kubeconfigs.ts';
import { offerEndpointProofs } from './endpoint-proofs.ts';
import { endpointStep, planEndpointProxies } from './endpoint-proxies.ts';
import { planServingNames } from './endpoint-serving-names.ts';
import { endpointTarget, leadsNowhere } from './endpoint-target.ts';
import type { EndpointTarget } from './endpoint-target.ts';
import { repairsOf } from './repair-scene.ts';
import type { RepairScene } from './repair-scene.ts';
import { planSharedEdit } from './shared-edit.ts';
import type { EntryEdit } from './shared-edit.ts';
import { withValue } from './yaml-edit.ts';

const ENDPOINT_KUBE_PROXY_STEP = 'shared/kube-proxy-endpoint';
const ENDPOINT_SHARED_STEP = 'shared/endpoint';

/**
 * Drafts what leads everybody to an endpoint that names no machine. The order is that of who relies on whom: the name in every certificate, then those who pass it on, the proof that it
 * answers on each machine, then kube-proxy and single machines, and what a machine that joins reads last: shared state never names what nobody serves. A step that is
 * refused takes those with it that rely on it. `before`: steps that restart API servers.
 */
export function planStableEndpoint(scene: RepairScene, before: readonly string[]): void {
  if (repairsOf(scene, 'stable-endpoint').length === 0) return;
  const target = endpointTarget(scene);
  const why = leadsNowhere(scene, target);
  if (why !== undefined) return leaveToHand(scene, target, why);
  const certificates = planServingNames(scene, target, before);
  if (target.isOurs) planEndpointProxies(scene, target, certificates);
  const proofs = offerEndpointProofs(scene, target, (node) => [...certificates, ...(target.isOurs ? [endpointStep(node)] : [])]);
  sayUnchanged(scene, target);
  const edits = sharedEdits(scene, target);
  const isOfProxy = ({ configMap }: EntryEdit): boolean => configMap === KUBE_PROXY_KUBECONFIG.configMap;
  planSharedEdit(scene, {
    id: ENDPOINT_KUBE_PROXY_STEP,
    title: `lead kube-proxy to ${target.host}`,
    needs: after(...proofs),
    edits: edits.filter(isOfProxy),
    restarts: KUBE_PROXY_WORKLOAD,
  });
  const files = planKubeconfigs(scene, target, certificates);
  planSharedEdit(scene, {
    id: ENDPOINT_SHARED_STEP,
    title: `lead machines that join to ${target.host}`,
    needs: after(...proofs, ...files, ENDPOINT_KUBE_PROXY_STEP),
    edits: edits.filter((edit) => !isOfProxy(edit)),
  });
}

function leaveToHand(scene: RepairScene, { host, server }: EndpointTarget, why: string): void {
  const codes = [...new Set(repairsOf(scene, 'stable-endpoint').map(({ code }) => code))];
  const steps = [
    `${why}, and the cluster's controlPlaneEndpoint is ${host}: nobody is led there`,
    `make ${server} lead to every API server, on every machine`,
    'then run the command again',
  ];
  scene.byHand.push(...codes.map((code) => ({ code, steps })));
}

/** Places that hold what they should and yet lead to one machine: no text mends that, only what serves the name does. */
function sayUnchanged(scene: RepairScene, target: EndpointTarget): void {
  if (scene.view.machines.some(({ name }) => scene.board.has(endpointStep(name)))) return;
  for (const { code, shared } of repairsOf(scene, 'stable-endpoint')) {
    const same = shared.filter(({ configMap, value }) => value === targetIn(configMap, target));
    const steps = same.map(({ configMap, key, path }) => `${path} in ${key} of ConfigMap ${configMap} is ${targetIn(configMap, target)} as it should be, and that is one machine`);
    if (steps.length > 0) scene.byHand.push({ code, steps: [...steps, `make ${target.server} lead to every API server, on every machine`] });
  }
}

/** For kubeadm host and port, elsewhere a whole URL. */
function targetIn(configMap: string, { server }: EndpointTarget): string {
  return configMap === KUBEADM.configMap ? server.replace('https://', '') : server;
}

/** Places in shared state that lead to one machine. */
function sharedEdits(scene: RepairScene, target: EndpointTarget): readonly EntryEdit[] {
  return repairsOf(scene, 'stable-endpoint').flatMap(({ code, shared }) =>
    shared.map(({ configMap, key, path }) => {
      const value = targetIn(configMap, target);
      const [namespace = '', name = ''] = configMap.split('/');
      const byHand = [{ code, steps: [`kubectl -n ${namespace} edit configmap ${name}: in ${key}, set ${path} to ${value}`] }];
      return { configMap, key, edit: (text: string) => withValue(text, path, value), byHand };
    }),
  );
}
