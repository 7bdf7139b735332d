import type { AbsentAction } from './kinds/absent.ts';
import type { ApiServingAction } from './kinds/api-serving.ts';
import type { ConfigMapEntryAction } from './kinds/config-map-entry.ts';
import type { EndpointAnswersAction } from './kinds/endpoint-answers.ts';
import type { FileAction } from './kinds/file.ts';
import type { GivenBackAction } from './kinds/given-back.ts';
import type { ImagesAction } from './kinds/images.ts';
import type { ModuleAction, SysctlAction } from './kinds/kernel.ts';
import type { KubeadmInitAction, KubeadmJoinAction, KubeadmResetAction } from './kinds/kubeadm.ts';
import type { KubeconfigServerAction } from './kinds/kubeconfig-server.ts';
import type { LedgerClosedAction } from './kinds/ledger-closed.ts';
import type { MemberAbsentAction, NodeAbsentAction } from './kinds/membership.ts';
import type { NetworkClearedAction } from './kinds/network-cleared.ts';
import type { NodeSettingsAction } from './kinds/node-settings.ts';
import type { NodeStoppedAction } from './kinds/node-stopped.ts';
import type { ObjectsAction } from './kinds/objects.ts';
import type { PackagesAction } from './kinds/packages.ts';
import type { ProgramAction } from './kinds/program.ts';
import type { PlaceSecretAction, ReadFilesAction, TokenCreateAction, TokenGenerateAction, TokensRevokedAction } from './kinds/tokens.ts';
import type { ServingNamesAction } from './kinds/serving-names.ts';
import type { StaticPodAction } from './kinds/static-pod.ts';
import type { TokensAbsentAction } from './kinds/tokens-absent.ts';
import type { UnitAction } from './kinds/unit.ts';
import type { NodesReadyAction, RolledOutAction } from './kinds/wait.ts';
import type { WorkloadRestartedAction } from './kinds/workload-restarted.ts';
import type { WorkloadVariablesAbsentAction } from './kinds/workload-variables-absent.ts';

export interface ActionByKind {
  readonly absent: AbsentAction;
  readonly 'api-serving': ApiServingAction;
  readonly 'config-map-entry': ConfigMapEntryAction;
  readonly 'endpoint-answers': EndpointAnswersAction;
  readonly file: FileAction;
  readonly 'given-back': GivenBackAction;
  readonly images: ImagesAction;
  readonly 'kubeadm-init': KubeadmInitAction;
  readonly 'kubeadm-join': KubeadmJoinAction;
  readonly 'kubeadm-reset': KubeadmResetAction;
  readonly 'kubeconfig-server': KubeconfigServerAction;
  readonly 'ledger-closed': LedgerClosedAction;
  readonly 'member-absent': MemberAbsentAction;
  readonly module: ModuleAction;
  readonly 'network-cleared': NetworkClearedAction;
  readonly 'node-absent': NodeAbsentAction;
  readonly 'node-settings': NodeSettingsAction;
  readonly 'node-stopped': NodeStoppedAction;
  readonly 'nodes-ready': NodesReadyAction;
  readonly objects: ObjectsAction;
  readonly packages: PackagesAction;
  readonly 'place-secret': PlaceSecretAction;
  readonly program: ProgramAction;
  readonly 'read-files': ReadFilesAction;
  readonly 'rolled-out': RolledOutAction;
  readonly 'serving-names': ServingNamesAction;
  readonly 'static-pod': StaticPodAction;
  readonly sysctl: SysctlAction;
  readonly 'token-create': TokenCreateAction;
  readonly 'token-generate': TokenGenerateAction;
  readonly 'tokens-revoked': TokensRevokedAction;
  readonly 'tokens-absent': TokensAbsentAction;
  readonly unit: UnitAction;
  readonly 'workload-restarted': WorkloadRestartedAction;
  readonly 'workload-variables-absent': WorkloadVariablesAbsentAction;
}

export type ActionKind = keyof ActionByKind;

/** The closed union of what can be done to a host or, through one, to the cluster. */
export type Action<K extends ActionKind = ActionKind> = { [P in K]: ActionByKind[P] }[K];
