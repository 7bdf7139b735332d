import { kindOf } from '../actions/kinds.ts';
import type { Action } from '../actions/action.ts';
import type { ProbeRequest } from '../facts/probe-request.ts';
import { hostOf } from '../facts/snapshot.ts';
import type { Snapshot, View } from '../facts/snapshot.ts';
import { readThrough, recordBasis } from '../plan/basis.ts';
import { unknown } from '../plan/fact.ts';
import type { Fact, FactKey, Reading } from '../plan/fact.ts';
import type { LaneId, Planned } from '../plan/plan.ts';
import { collectTexts } from '../plan/texts.ts';
import type { HostFacts } from '../facts/host-facts.ts';
import type { DeployPlan, DeployStep, Draft } from './step-types.ts';
import { NO_EFFECT } from './step-types.ts';

/** A step that is not planned because something it relies on could not be seen, or because one that it needs is refused. */
export interface RefusedStep {
  readonly id: string;
  readonly lane: LaneId | undefined;
  readonly why: string;
}

/**
 * Where planners put their drafts, in the order of their needs. A draft becomes a step if one of its goals is not met, judged on the facts as
 * the steps before will have left them; everything read is noted as the plan's basis.
 */
export class DraftBoard {
  readonly texts = collectTexts();
  readonly #basis = recordBasis();
  readonly #observed: Snapshot;
  readonly #hosts: Record<LaneId, Fact<HostFacts>>;
  #cluster: Snapshot['cluster'];
  readonly #steps = new Map<string, DeployStep>();
  readonly #refused = new Map<string, RefusedStep>();
  readonly #probes: ProbeRequest[] = [];

  constructor(observed: Snapshot) {
    this.#observed = observed;
    this.#hosts = { ...observed.hosts };
    this.#cluster = observed.cluster;
  }

  /** Facts as the steps so far leave them, for the planner of one lane (or of none: the cluster alone). */
  reading(lane?: LaneId): Reading<View> {
    return readThrough(this.#basis, { facts: this.#view(lane), observed: this.#observedView(lane), ...(lane !== undefined && { lane }) });
  }

  /** The answer, or undefined where it could not be seen. */
  read<T>(lane: LaneId | undefined, key: FactKey<View, T>): T | undefined {
    const fact = this.reading(lane).read(key);
    return fact.state === 'known' ? fact.value : undefined;
  }

  has(step: string): boolean {
    return this.#steps.has(step);
  }

  /** Adds the step that the draft becomes; false if all its goals are met or it is refused. */
  add(draft: Draft): boolean {
    this.#probes.push(...draft.actions.flatMap(({ action }) => kindOf(action).probes()));
    const blocker = draft.needs?.find(({ step, when }) => when === 'succeeded' && this.#refused.has(step));
    const pending = this.#pendingActions(draft);
    if (pending.some(({ role }) => role === 'goal') && blocker !== undefined) return this.#refuse(draft, `needs ${blocker.step}, which is refused`);
    if (!pending.some(({ role }) => role === 'goal')) return false;
    if (this.#isRefused(draft.id)) return false;
    this.#steps.set(draft.id, this.#toStep(draft, pending));
    return true;
  }

  /** Adds a step of means alone: it provides slots for, or proves, a step that is in the plan. */
  addMeans(draft: Draft): void {
    this.#probes.push(...draft.actions.flatMap(({ action }) => kindOf(action).probes()));
    const blocker = draft.needs?.find(({ step, when }) => when === 'succeeded' && this.#refused.has(step));
    if (blocker !== undefined) this.#refuse(draft, `needs ${blocker.step}, which is refused`);
    else {
      this.#predict(draft, draft.actions);
      this.#steps.set(draft.id, this.#toStep(draft, draft.actions));
    }
  }

  refuse(id: string, lane: LaneId | undefined, why: string): void {
    this.#refused.set(id, { id, lane, why });
  }

  /** What the drafts so far ask about the hosts. */
  probes(): readonly ProbeRequest[] {
    return this.#probes;
  }

  refused(): readonly RefusedStep[] {
    return [...this.#refused.values()];
  }

  plan(desired: string): DeployPlan {
    return { desired, basis: this.#basis.relied(), steps: [...this.#steps.values()], texts: this.texts.all() };
  }

  #view(lane: LaneId | undefined): View {
    return { host: lane === undefined ? unknown('no single host') : hostOf({ hosts: this.#hosts, cluster: this.#cluster }, lane), cluster: this.#cluster };
  }

  #observedView(lane: LaneId | undefined): View {
    return { host: lane === undefined ? unknown('no single host') : hostOf(this.#observed, lane), cluster: this.#observed.cluster };
  }

  #pendingActions(draft: Draft): readonly Planned<Action>[] {
    const lane = laneOf(draft);
    const pending: Planned<Action>[] = [];
    for (const planned of draft.actions) {
      if (planned.role === 'means') {
        pending.push(planned);
        continue;
      }
      const bound = kindOf(planned.action);
      const progress = bound.progress(this.reading(lane));
      if (progress === 'done') continue;
      if (progress === 'unknown') this.#refuse(draft, `whether to ${bound.words()} could not be seen`);
      pending.push(planned);
      this.#predict(draft, [planned]);
    }
    return pending;
  }

  #predict(draft: Draft, actions: readonly Planned<Action>[]): void {
    const lane = laneOf(draft);
    for (const { action } of actions) {
      const view = kindOf(action).predict(this.#view(lane));
      if (lane !== undefined) this.#hosts[lane] = view.host;
      this.#cluster = view.cluster;
    }
  }

  #toStep(draft: Draft, actions: readonly Planned<Action>[]): DeployStep {
    const goals = actions.filter(({ role }) => role === 'goal').map(({ action }) => kindOf(action).words());
    return {
      id: draft.id,
      title: draft.title,
      why: whyOf(goals),
      on: draft.on,
      needs: (draft.needs ?? []).filter(({ step }) => this.#steps.has(step)),
      provides: actions.flatMap(({ action }) => kindOf(action).provides().map(({ slot }) => slot)),
      gates: draft.gates ?? [],
      effect: draft.effect ?? NO_EFFECT,
      actions,
    };
  }

  #refuse(draft: Draft, why: string): false {
    this.refuse(draft.id, laneOf(draft), why);
    return false;
  }

  #isRefused(id: string): boolean {
    return this.#refused.has(id);
  }
}

function laneOf(draft: Draft): LaneId | undefined {
  return 'lane' in draft.on ? draft.on.lane : undefined;
}

const SHOWN_GOALS = 3;

/** The first goals that are not met, in words; the actions of the step are all of them. */
function whyOf(goals: readonly string[]): string {
  if (goals.length === 0) return 'serves the steps that need it';
  const more = goals.length - SHOWN_GOALS;
  return `not yet: ${goals.slice(0, SHOWN_GOALS).join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
}
