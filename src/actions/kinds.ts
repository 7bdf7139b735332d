import type { Action, ActionByKind, ActionKind } from './action.ts';
import type { Kind } from './kind.ts';
import { absent } from './kinds/absent.ts';
import { apiServing } from './kinds/api-serving.ts';
import { configMapEntryKind } from './kinds/config-map-entry.ts';
import { endpointAnswers } from './kinds/endpoint-answers.ts';
import { file } from './kinds/file.ts';
import { images } from './kinds/images.ts';
import { module, sysctl } from './kinds/kernel.ts';
import { kubeadmInit, kubeadmJoin, kubeadmReset } from './kinds/kubeadm.ts';
import { kubeconfigServer } from './kinds/kubeconfig-server.ts';
import { memberAbsent, nodeAbsent } from './kinds/membership.ts';
import { nodeSettings } from './kinds/node-settings.ts';
import { objects } from './kinds/objects.ts';
import { packages } from './kinds/packages.ts';
import { program } from './kinds/program.ts';
import { placeSecret, readFiles, tokenCreate, tokenGenerate, tokensRevoked } from './kinds/tokens.ts';
import { servingNames } from './kinds/serving-names.ts';
import { staticPod } from './kinds/static-pod.ts';
import { tokensAbsent } from './kinds/tokens-absent.ts';
import { unit } from './kinds/unit.ts';
import { nodesReady, rolledOut } from './kinds/wait.ts';
import { workloadRestarted } from './kinds/workload-restarted.ts';
import { workloadVariablesAbsent } from './kinds/workload-variables-absent.ts';

/** The one dispatch table: everywhere else a kind is an entry of it, never a case. */
const kinds: { readonly [K in ActionKind]: Kind<ActionByKind[K]> } = {
  absent,
  'api-serving': apiServing,
  'config-map-entry': configMapEntryKind,
  'endpoint-answers': endpointAnswers,
  file,
  images,
  'kubeadm-init': kubeadmInit,
  'kubeadm-join': kubeadmJoin,
  'kubeadm-reset': kubeadmReset,
  'kubeconfig-server': kubeconfigServer,
  'member-absent': memberAbsent,
  module,
  'node-absent': nodeAbsent,
  'node-settings': nodeSettings,
  'nodes-ready': nodesReady,
  objects,
  packages,
  'place-secret': placeSecret,
  program,
  'read-files': readFiles,
  'rolled-out': rolledOut,
  'serving-names': servingNames,
  'static-pod': staticPod,
  sysctl,
  'token-create': tokenCreate,
  'token-generate': tokenGenerate,
  'tokens-revoked': tokensRevoked,
  'tokens-absent': tokensAbsent,
  unit,
  'workload-restarted': workloadRestarted,
  'workload-variables-absent': workloadVariablesAbsent,
};

export const actionKinds = Object.keys(kinds) as readonly ActionKind[];

/** The functions of an action's kind, bound to it. */
export function kindOf<K extends ActionKind>(action: ActionByKind[K] & { readonly kind: K }): BoundKind {
  const kind: Kind<ActionByKind[K]> = kinds[action.kind];
  return {
    words: () => kind.words(action),
    details: () => kind.details(action),
    probes: () => kind.probes(action),
    progress: (reading) => kind.progress(action, reading),
    script: () => kind.script(action),
    blobs: () => kind.blobs?.(action) ?? [],
    provides: () => kind.provides?.(action) ?? [],
    predict: (view) => kind.predict(action, view),
  };
}

/** `Kind` with the action filled in. */
export interface BoundKind {
  readonly words: () => string;
  readonly details: () => ReturnType<Kind<Action>['details']>;
  readonly probes: () => ReturnType<Kind<Action>['probes']>;
  readonly progress: (reading: Parameters<Kind<Action>['progress']>[1]) => ReturnType<Kind<Action>['progress']>;
  readonly script: () => ReturnType<Kind<Action>['script']>;
  readonly blobs: () => ReturnType<NonNullable<Kind<Action>['blobs']>>;
  readonly provides: () => ReturnType<NonNullable<Kind<Action>['provides']>>;
  readonly predict: (view: Parameters<Kind<Action>['predict']>[1]) => ReturnType<Kind<Action>['predict']>;
}
