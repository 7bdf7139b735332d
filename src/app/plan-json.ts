import { kindOf } from '../actions/kinds.ts';
import type { Action } from '../actions/action.ts';
import type { PlanJson } from '../contract/plan.ts';
import { planJson } from '../contract/plan.ts';
import { AppError } from '../errors/app-error.ts';
import { checkPlan } from '../plan/check-plan.ts';
import type { Content, Slot, SlotId, TextRef } from '../plan/plan.ts';
import type { DeployPlan, DeployStep, Gate } from '../planning/step-types.ts';

/** A plan whose needs and slots do not fit is a defect. `given`: slots whose values the run brings along. */
export function checkWellFormed(plan: DeployPlan, given?: ReadonlySet<SlotId>): void {
  const problems = checkPlan(plan, { slotsOf, textsOf }, given);
  if (problems.length > 0) throw new AppError('internal', 'the plan is not well-formed', { details: problems.map(({ step, problem }) => `${step}: ${problem}`) });
}

/** Slots that an action's script reads. */
export function slotsOf(action: Action): readonly Slot[] {
  return kindOf(action)
    .script()
    .inputs.filter((input): input is Slot => 'slot' in input);
}

function textsOf(action: Action): readonly TextRef[] {
  return kindOf(action)
    .script()
    .inputs.filter((input): input is TextRef => 'text' in input);
}

/** A plan as the tool prints it. */
export function toJson(cluster: string, plan: DeployPlan): PlanJson {
  return planJson({ cluster, desired: plan.desired, basis: plan.basis.map((relied) => ({ ...relied })), steps: plan.steps.map(stepJson), texts: plan.texts });
}

function stepJson(step: DeployStep): PlanJson['steps'][number] {
  const { id, on, title, why, needs, effect, gates } = step;
  return { id, on: { ...on }, title, why, needs, gates: gates.map(gateWords), effect: { ...effect }, actions: step.actions.map(({ role, action }) => actionJson(role, action)) };
}

function gateWords(gate: Gate): string {
  switch (gate.gate) {
    case 'identity':
      return `${gate.node} carries its own identity everywhere`;
    case 'etcd-joinable':
      return 'every etcd member votes and is healthy';
    case 'etcd-removable':
      return `the other etcd members keep their quorum without ${gate.node}`;
    case 'etcd-spared':
      return `the other etcd members are a quorum of all while that of ${gate.node} stops`;
    case 'api-served-without':
      return `the API servers of ${gate.others.map(({ node }) => node).join(', ')} are ready, those that are in reach`;
  }
}

function actionJson(role: 'goal' | 'means', action: Action): PlanJson['steps'][number]['actions'][number] {
  const bound = kindOf(action);
  const { file, ...details } = bound.details();
  return {
    kind: action.kind,
    role,
    title: bound.words(),
    ...(file !== undefined && { file: { ...file, content: mutable(file.content), isNew: file.before === undefined && action.kind === 'file' && 'absent' in action.was } }),
    ...details,
  };
}

/** The contract's type of a content; the value is the same. */
function mutable(content: Content): NonNullable<PlanJson['steps'][number]['actions'][number]['file']>['content'] {
  return content;
}
