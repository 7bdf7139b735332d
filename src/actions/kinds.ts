import type { Action, ActionByKind, ActionKind } from './action.ts';
import type { ProbeRequest } from '../facts/probe-request.ts';
import type { View } from '../facts/snapshot.ts';
import type { Reading } from '../plan/fact.ts';
import type { Slot } from '../plan/plan.ts';
import type { ActionDetails, ActionScript, BlobRef, Kind, Progress } from './kind.ts';
import { absent } from './kinds/absent.ts';
import { apiServing } from './kinds/api-serving.ts';
import { configMapEntryKind } from './kinds/config-map-entry.ts';
import { endpointAnswers } from './kinds/endpoint-answers.ts';
import { file } from './kinds/file.ts';
import { givenBack } from './kinds/given-back.ts';
import { images } from './kinds/images.ts';
import { module, sysctl } from './kinds/kernel.ts';
import { kubeadmInit, kubeadmJoin, kubeadmReset } from './kinds/kubeadm.ts';
import { kubeconfigServer } from './kinds/kubeconfig-server.ts';
import { ledgerClosed } from './kinds/ledger-closed.ts';
import { memberAbsent, nodeAbsent } from './kinds/membership.ts';
import { networkCleared } from './kinds/network-cleared.ts';
import { nodeSettings } from './kinds/node-settings.ts';
import { nodeStopped } from './kinds/node-stopped.ts';
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
  'given-back': givenBack,
  images,
  'kubeadm-init': kubeadmInit,
  'kubeadm-join': kubeadmJoin,
  'kubeadm-reset': kubeadmReset,
  'kubeconfig-server': kubeconfigServer,
  'ledger-closed': ledgerClosed,
  'member-absent': memberAbsent,
  module,
  'network-cleared': networkCleared,
  'node-absent': nodeAbsent,
  'node-settings': nodeSettings,
  'node-stopped': nodeStopped,
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
  return new BoundKind(kind as Kind<Action>, action);
}

/** `Kind` with the action filled in. Plans bind hundreds of thousands: no functions are made for each. */
export class BoundKind {
  readonly #kind: Kind<Action>;
  readonly #action: Action;

  constructor(kind: Kind<Action>, action: Action) {
    this.#kind = kind;
    this.#action = action;
  }

  words(): string {
    return this.#kind.words(this.#action);
  }

  details(): ActionDetails {
    return this.#kind.details(this.#action);
  }

  probes(): readonly ProbeRequest[] {
    return this.#kind.probes(this.#action);
  }

  progress(reading: Reading<View>): Progress {
    return this.#kind.progress(this.#action, reading);
  }

  script(): ActionScript {
    return this.#kind.script(this.#action);
  }

  blobs(): readonly BlobRef[] {
    return this.#kind.blobs?.(this.#action) ?? [];
  }

  provides(): readonly Slot[] {
    return this.#kind.provides?.(this.#action) ?? [];
  }

  predict(view: View): View {
    return this.#kind.predict(this.#action, view);
  }
}
