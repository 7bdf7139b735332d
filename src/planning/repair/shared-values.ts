import type { SharedPlace } from '../../rules/audit/repair.ts';
import { KUBEADM, KUBELET, KUBE_PROXY, KUBE_PROXY_WORKLOAD } from '../../rules/audit/shared-documents.ts';
import { repairsOf } from './repair-scene.ts';
import type { ByHand, RepairScene } from './repair-scene.ts';
import { planSharedEdit } from './shared-edit.ts';
import type { EntryEdit } from './shared-edit.ts';
import { withList, withValue, withoutPaths } from './yaml-edit.ts';

/** A value in shared state that goes, or becomes another that fits every machine. */
interface WantedValue {
  readonly code: string;
  readonly place: SharedPlace;
  /** Undefined: it goes. */
  readonly to: string | undefined;
}

export const SHARED_KUBEADM_STEP = 'shared/kubeadm-config';

/** Drafts what is taken out of shared state before any machine is touched: who joins or is upgraded meanwhile gets nothing of another machine. */
export function planSharedValues(scene: RepairScene): void {
  const wanted = wantedValues(scene);
  const of = ({ configMap }: { readonly configMap: string }) => wanted.filter(({ place }) => place.configMap === configMap);
  planSharedEdit(scene, { id: SHARED_KUBEADM_STEP, title: "take one machine's values out of kubeadm-config", edits: [...editsOf(of(KUBEADM)), ...etcdEndpoints(scene)] });
  planSharedEdit(scene, { id: 'shared/kubelet-config', title: "take one machine's values out of kubelet-config", edits: editsOf(of(KUBELET)) });
  planSharedEdit(scene, {
    id: 'shared/kube-proxy',
    title: "take one machine's values out of kube-proxy's configuration",
    edits: editsOf(of(KUBE_PROXY)),
    restarts: KUBE_PROXY_WORKLOAD,
  });
}

function wantedValues(scene: RepairScene): readonly WantedValue[] {
  const flags = repairsOf(scene, 'own-flag').flatMap(({ code, shared }) => shared.map((place) => ({ code, place: argumentOf(place), to: undefined })));
  const values = repairsOf(scene, 'shared-value').flatMap(({ code, shared, to }) => shared.map((place) => ({ code, place, to })));
  return [...flags, ...values];
}

/** Of an extra argument, name and value go together. */
function argumentOf(place: SharedPlace): SharedPlace {
  return { ...place, path: place.path.replace(/(\.extraArgs\.\d+)\.value$/, '$1') };
}

/** One edit an entry: what is taken out of a list moves what comes after it, so all of it is done at once. */
function editsOf(wanted: readonly WantedValue[]): readonly EntryEdit[] {
  const places = new Map(wanted.map(({ place: { configMap, key } }) => [`${configMap} ${key}`, { configMap, key }] as const));
  return [...places.values()].map(({ configMap, key }) => {
    const here = wanted.filter(({ place }) => place.configMap === configMap && place.key === key);
    return { configMap, key, edit: (text) => changed(text, here), byHand: here.map(handwork) };
  });
}

function changed(text: string, wanted: readonly WantedValue[]): string | undefined {
  const set = wanted.reduce<string | undefined>((now, { place, to }) => (now === undefined || to === undefined ? now : withValue(now, place.path, to)), text);
  const gone = wanted.flatMap(({ place, to }) => (to === undefined ? [place.path] : []));
  return set === undefined || gone.length === 0 ? set : withoutPaths(set, gone);
}

function handwork({ code, place: { configMap, key, path, value }, to }: WantedValue): ByHand {
  const [namespace = '', name = ''] = configMap.split('/');
  const what = to === undefined ? `take out ${path}${value === '' ? '' : `, which is ${value}`}` : `set ${path} to ${to === '' ? 'the empty string' : to}`;
  return { code, steps: [`kubectl -n ${namespace} edit configmap ${name}: in ${key}, ${what}`] };
}

/** External members by the list that a control plane gets when it joins. */
function etcdEndpoints(scene: RepairScene): readonly EntryEdit[] {
  return repairsOf(scene, 'etcd-servers').flatMap(({ code, shared, servers }) => {
    const [first] = shared;
    if (first === undefined) return [];
    const path = first.path.replace(/\.\d+$/, '');
    const byHand = [{ code, steps: [`in ${first.key} of ConfigMap ${first.configMap}, make ${path} the list ${servers.join(', ')}`] }];
    return [{ configMap: first.configMap, key: first.key, edit: (text: string) => withList(text, path, servers), byHand }];
  });
}
