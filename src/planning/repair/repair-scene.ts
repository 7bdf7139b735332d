import { serverAt } from '../../facts/audit/addresses.ts';
import { settingOf, valueOf } from '../../facts/audit/components.ts';
import type { StaticPod } from '../../facts/audit/machine-facts.ts';
import type { ComponentName } from '../../facts/audit/programs.ts';
import type { AuditFinding } from '../../rules/audit/audit-rule.ts';
import type { AuditView } from '../../rules/audit/audit-view.ts';
import type { Machine } from '../../rules/audit/machine.ts';
import { componentOn, apiServerAddress } from '../../rules/audit/machine.ts';
import type { Repair } from '../../rules/audit/repair.ts';
import { laneId } from '../../plan/plan.ts';
import type { LaneId } from '../../plan/plan.ts';
import type { DraftBoard } from '../draft-board.ts';
import type { Gate } from '../step-types.ts';

/** A finding that is not mended here, and what a person does instead. */
export interface ByHand {
  readonly code: string;
  readonly steps: readonly string[];
}

/** What every planner of repairs works with. */
export interface RepairScene {
  readonly board: DraftBoard;
  /** What the audit saw: where things lie on each machine. */
  readonly view: AuditView;
  readonly findings: readonly AuditFinding[];
  readonly byHand: ByHand[];
}

export type RepairOf<K extends Repair['kind']> = Extract<Repair, { readonly kind: K }>;

/** Repairs of one kind, with the codes of their findings. */
export function repairsOf<K extends Repair['kind']>({ findings }: Pick<RepairScene, 'findings'>, kind: K): readonly (RepairOf<K> & { readonly code: string })[] {
  return findings.flatMap(({ code, remedy }) => (remedy.kind === 'automatic' && isOf(remedy.repair, kind) ? [{ ...remedy.repair, code }] : []));
}

function isOf<K extends Repair['kind']>(repair: Repair, kind: K): repair is RepairOf<K> {
  return repair.kind === kind;
}

export const laneOfMachine = ({ name }: Pick<Machine, 'name'>): LaneId => laneId(name);

/** Why nothing is planned on a machine that did not let itself be looked at. */
export function notSeen({ unseen }: Pick<Machine, 'unseen'>): string {
  return `the machine could not be seen${unseen === '' ? '' : ` (${unseen})`}`;
}

const DEFAULT_PORT = '6443';

export function apiPort(machine: Machine): string {
  return valueOf(componentOn(machine, 'kube-apiserver'), 'secure-port') ?? DEFAULT_PORT;
}

/** URL of the API server on a control plane, by its own address. */
export function ownServerOf(machine: Machine): string {
  return serverAt(apiServerAddress(machine), apiPort(machine));
}

const OTHERS_SERVE_MS = 120_000;

/** While the API server of a control plane does not serve, another one must; where there is none nobody can be waited for. */
export function servedWithout({ view }: RepairScene, node: string): readonly Gate[] {
  const others = view.controlPlanes.filter(({ name }) => name !== node).map((machine) => ({ node: machine.name, server: ownServerOf(machine) }));
  return others.length === 0 ? [] : [{ gate: 'api-served-without', node, others, deadlineMs: OTHERS_SERVE_MS }];
}

/** The manifest from which a component of a machine was started. */
export function manifestOf(machine: Machine | undefined, component: ComponentName): StaticPod | undefined {
  return machine && componentOn(machine, component)?.manifest;
}

/** The value of a flag on a machine, as it is in force. */
export function flagOf(machine: Machine, component: ComponentName, flag: string): string | undefined {
  return settingOf(componentOn(machine, component), flag)?.value;
}
