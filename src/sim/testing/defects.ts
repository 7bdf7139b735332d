import type { Action } from '../../actions/action.ts';
import type { Content } from '../../plan/plan.ts';
import type { DeployPlan } from '../../planning/step-types.ts';
import { sha256 } from '../../util/sha256.ts';

/** The plan without these steps, and without waiting for them. */
export function withoutSteps(which: RegExp): (plan: DeployPlan) => DeployPlan {
  return (plan) => ({
    ...plan,
    steps: plan.steps.filter(({ id }) => !which.test(id)).map((step) => ({ ...step, needs: step.needs.filter((need) => !which.test(need.step)) })),
  });
}

export function withoutGates(plan: DeployPlan): DeployPlan {
  return { ...plan, steps: plan.steps.map((step) => ({ ...step, gates: [] })) };
}

/** The plan with other bytes wherever a text of this kind is written. */
export function changeTexts(plan: DeployPlan, which: RegExp, change: (text: string) => string): DeployPlan {
  const changed = new Map(Object.entries(plan.texts).flatMap(([digest, text]) => (which.test(text) ? [[digest, change(text)] as const] : [])));
  const refs = new Map([...changed].map(([digest, text]) => [digest, sha256(text)]));
  const texts: DeployPlan['texts'] = { ...plan.texts, ...Object.fromEntries([...changed.values()].map((text) => [sha256(text), text])) };
  const contentWith = (content: Content): Content => ('slot' in content ? content : content.map((part) => ('text' in part ? { text: refs.get(part.text) ?? part.text } : part)));
  const actionWith = (action: Action): Action => {
    if (action.kind === 'file') return { ...action, content: contentWith(action.content) };
    return action.kind === 'kubeadm-init' || action.kind === 'kubeadm-join' ? { ...action, config: contentWith(action.config) } : action;
  };
  return { ...plan, texts, steps: plan.steps.map((step) => ({ ...step, actions: step.actions.map((planned) => ({ ...planned, action: actionWith(planned.action) })) })) };
}
