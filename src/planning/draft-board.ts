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
  readonly #offered = new Map<string, Draft>();
  readonly #probes: ProbeRequest[] = [];

  constructor(observed: Snapshot) {
    this.#observed = observed;
    this.#hosts = { ...observed.hosts };
    this.#cluster = observed.cluster;
  }

  /** Facts as the steps so far leave them, for the planner of one lane (or of none: the cluster alone). */
  reading(lane?: LaneId): Reading<View> {
    return this.#readingOf(this.#view(lane), lane);
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
    const judged = this.#judge(draft);
    if (!judged.pending.some(({ role }) => role === 'goal')) return false;
    const blocker = this.#blockerOf(draft);
    if (blocker !== undefined) return this.#refuse(draft, `needs ${blocker}, which is refused`);
    if (judged.unseen !== undefined) return this.#refuse(draft, `whether to ${judged.unseen} could not be seen`);
    if (this.#refused.has(draft.id)) return false;
    // What is offered comes before it, and foretells too.
    const { pending, after } = this.#takeOffers(draft) ? this.#judge(draft) : judged;
    this.#keep(draft, after);
    this.#steps.set(draft.id, this.#toStep(draft, pending));
    return true;
  }

  /** Has the probes of an action asked whether or not its step is drafted: what an observation asks is found by planning for bare machines. */
  ask(action: Action): void {
    this.#probes.push(...kindOf(action).probes());
  }

  /** Has something looked at that a planner reads and no action asks for. */
  look(...requests: readonly ProbeRequest[]): void {
    this.#probes.push(...requests);
  }

  /** Adds a step of means alone: it provides slots for, or proves, a step that is in the plan. */
  addMeans(draft: Draft): void {
    this.#probes.push(...draft.actions.flatMap(({ action }) => kindOf(action).probes()));
    const blocker = this.#blockerOf(draft);
    if (blocker !== undefined) this.#refuse(draft, `needs ${blocker}, which is refused`);
    else {
      this.#keep(draft, predicted(draft.actions, this.#view(laneOf(draft))));
      this.#steps.set(draft.id, this.#toStep(draft, draft.actions));
    }
  }

  /** Offers a step of means alone: it is planned before the first step that needs it, and not at all where none does. */
  offerMeans(draft: Draft): void {
    this.#probes.push(...draft.actions.flatMap(({ action }) => kindOf(action).probes()));
    const blocker = this.#blockerOf(draft);
    if (blocker !== undefined) this.#refuse(draft, `needs ${blocker}, which is refused`);
    else this.#offered.set(draft.id, draft);
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

  #readingOf(facts: View, lane: LaneId | undefined): Reading<View> {
    return readThrough(this.#basis, { facts, observed: this.#observedView(lane), ...(lane !== undefined && { lane }) });
  }

  #view(lane: LaneId | undefined): View {
    return { host: lane === undefined ? unknown('no single host') : hostOf({ hosts: this.#hosts, cluster: this.#cluster }, lane), cluster: this.#cluster };
  }

  #observedView(lane: LaneId | undefined): View {
    return { host: lane === undefined ? unknown('no single host') : hostOf(this.#observed, lane), cluster: this.#observed.cluster };
  }

  #blockerOf({ needs }: Draft): string | undefined {
    return needs?.find(({ step, when }) => when === 'succeeded' && this.#refused.has(step))?.step;
  }

  /** Plans what is offered and needed by the draft; true if there was any. */
  #takeOffers({ needs = [] }: Draft): boolean {
    const taken = needs.flatMap(({ step }) => this.#offered.get(step) ?? []);
    for (const offered of taken) {
      this.#offered.delete(offered.id);
      this.addMeans(offered);
    }
    return taken.length > 0;
  }

  /** What of a draft is still to be done, in order, each action judged on what those before it leave; `unseen`: the first that cannot be judged. */
  #judge(draft: Draft): Judged {
    const lane = laneOf(draft);
    const pending: Planned<Action>[] = [];
    let after = this.#view(lane);
    let unseen: string | undefined;
    for (const planned of draft.actions) {
      const bound = kindOf(planned.action);
      const progress = planned.role === 'means' ? 'absent' : bound.progress(this.#readingOf(after, lane));
      if (progress === 'done') continue;
      if (progress === 'unknown') unseen ??= bound.words();
      pending.push(planned);
      if (planned.role === 'goal') after = bound.predict(after);
    }
    return { pending, unseen, after };
  }

  /** Only of steps that are planned: what a refused one would have changed stays as it is. */
  #keep(draft: Draft, after: View): void {
    const lane = laneOf(draft);
    if (lane !== undefined) this.#hosts[lane] = after.host;
    this.#cluster = after.cluster;
  }

  #toStep(draft: Draft, actions: readonly Planned<Action>[]): DeployStep {
    const goals = actions.filter(({ role }) => role === 'goal').map(({ action }) => kindOf(action).words());
    return {
      id: draft.id,
      title: draft.title,
      why: whyOf(goals),
      on: draft.on,
      needs: (draft.needs ?? []).filter(({ step }) => this.#steps.has(step)),
      provides: actions.flatMap(({ action }) =>
        kindOf(action)
          .provides()
          .map(({ slot }) => slot),
      ),
      gates: draft.gates ?? [],
      effect: draft.effect ?? NO_EFFECT,
      actions,
    };
  }

  #refuse(draft: Draft, why: string): false {
    this.refuse(draft.id, laneOf(draft), why);
    return false;
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

interface Judged {
  readonly pending: readonly Planned<Action>[];
  readonly unseen: string | undefined;
  readonly after: View;
}

function predicted(actions: readonly Planned<Action>[], view: View): View {
  return actions.reduce((facts, { action }) => kindOf(action).predict(facts), view);
}
