import { AppError } from '../errors/app-error.ts';
import { laneId } from '../plan/plan.ts';
import { planReset, resetProbes } from '../planning/reset/plan-reset.ts';
import type { ResetAnswer } from '../planning/reset/plan-reset.ts';
import { count } from '../util/count.ts';
import { checkConsentedNodes } from './check-consents.ts';
import { wordsOfConsent } from './consent-words.ts';
import type { LoadedCluster } from './cluster-file.ts';
import { observeSettled } from './observe-settled.ts';
import type { SettleContext } from './observe-settled.ts';
import { runnableFor } from './plan-cluster.ts';
import { checkWellFormed, toJson } from './plan-json.ts';
import type { Consent } from './preflight.ts';
import type { RunnablePlan } from './runnable-plan.ts';
import { unseenLines } from './unseen-fact.ts';

/** What may be consented to by name: `reset=CLUSTER` is for the command, the others are of the plan. */
export const resetConsents = ['reset', 'unreachable', 'left-behind', 'containers'] as const;

export interface ResetContext extends SettleContext {
  readonly allowed: readonly Consent[];
}

/** A plan that takes a cluster from its machines. */
export interface PlannedReset extends RunnablePlan {
  /** What is left on each machine afterwards, in words. */
  readonly stays: ResetAnswer['stays'];
}

/**
 * Looks at every machine and plans what takes the cluster of the file from them. Changes nothing. Throws `refused` when a machine is not ours to undo, when nodes are in the cluster
 * that the file does not have or containers of others would end, and `host-unreachable` for machines that could not be seen, unless they are consented to by name.
 */
export async function planClusterReset(loaded: LoadedCluster, context: ResetContext): Promise<PlannedReset> {
  const { cluster, desired } = loaded;
  checkConsents(context.allowed, cluster);
  context.onProgress(`looking at ${count(cluster.nodes.length, 'machine')}`);
  const snapshot = await observeSettled(resetProbes, context);
  const answer = planReset({ cluster, desired, snapshot });
  const { plan, refused, stays } = answer;
  refuseOthers(answer, context.allowed);
  refuseUnseen(loaded, snapshot.hosts, context.allowed);
  if (answer.unproven.length > 0)
    context.onProgress(
      `nothing on ${answer.unproven.join(', ')} says of which cluster it is (no line of the endpoint in /etc/hosts, no name in its ledger, no CA that another machine has): the file is believed`,
    );
  if (!answer.sawNodes && plan.steps.length > 0) context.onProgress('no API server answers: nodes outside the file could not be looked for');
  checkWellFormed(plan);
  return { ...runnableFor(cluster), plan, json: toJson(cluster.wide.name, plan), refused, snapshot, artifacts: new Map(), stays };
}

/** Before anything is looked at: a consent that names something else than what there is means another one. */
function checkConsents(allowed: readonly Consent[], { wide, nodes }: LoadedCluster['cluster']): void {
  const strange = allowed.find(({ code, node }) => node === undefined || !resetConsents.some((known) => known === code));
  if (strange !== undefined)
    throw new AppError('usage', `--allow ${wordsOfConsent(strange)} is nothing that a reset takes`, {
      hint: 'reset=CLUSTER, unreachable=NODE, left-behind=NODE and containers=NODE are',
    });
  const ofOther = allowed.find(({ code, node }) => code === 'reset' && node !== wide.name);
  if (ofOther !== undefined)
    throw new AppError('usage', `--allow ${wordsOfConsent(ofOther)} names another cluster than the file, which is of ${wide.name}`, { hint: `--allow reset=${wide.name}` });
  const kept = allowed.find(({ code, node }) => code === 'left-behind' && nodes.some(({ name }) => name === node));
  if (kept !== undefined) throw new AppError('usage', `--allow ${wordsOfConsent(kept)} names a node that the file has: it is reset with the others`, { hint: 'leave it out' });
  checkConsentedNodes(
    { nodes },
    allowed.filter(({ code }) => code === 'unreachable' || code === 'containers'),
  );
}

const isAllowed = (allowed: readonly Consent[], code: (typeof resetConsents)[number], node: string): boolean =>
  allowed.some((consent) => consent.code === code && consent.node === node);

function refuseOthers({ notOurs, leftBehind, others }: ResetAnswer, allowed: readonly Consent[]): void {
  const left = leftBehind.filter((node) => !isAllowed(allowed, 'left-behind', node));
  const ending = Object.entries(others).filter(([node]) => !isAllowed(allowed, 'containers', node));
  const details = [
    ...notOurs.map(({ node, why }) => `${node}: ${why}`),
    ...left.map((node) => `${node}: it is in the cluster and not in the file; its machine would be left as it is, without a cluster (--allow left-behind=${node})`),
    ...ending.map(([node, containers]) => `${node}: others have containers on the runtime that goes, and would lose them: ${containers.join(', ')} (--allow containers=${node})`),
  ];
  if (details.length > 0)
    throw new AppError('refused', 'not all of these machines can be taken out of this cluster; nothing was changed', {
      details,
      hint:
        notOurs.length > 0
          ? 'take what is not ours out of the file, and reset that by the tool that made it'
          : 'write nodes that lack into the file, take containers elsewhere, or consent as it says',
    });
}

function refuseUnseen({ cluster }: LoadedCluster, hosts: RunnablePlan['snapshot']['hosts'], allowed: readonly Consent[]): void {
  const unseen = cluster.nodes.flatMap(({ name }) => {
    const fact = hosts[laneId(name)];
    return fact === undefined || fact.state === 'known' || isAllowed(allowed, 'unreachable', name) ? [] : [{ name, fact }];
  });
  if (unseen.length === 0) return;
  throw new AppError('host-unreachable', `${count(unseen.length, 'machine')} could not be seen: ${unseen.map(({ name }) => name).join(', ')}; nothing was changed`, {
    details: unseenLines(unseen.map(({ fact }) => fact)),
    hint: `bring them back; to go on without them, which leaves them as they are: ${unseen.map(({ name }) => `--allow unreachable=${name}`).join(' ')}`,
  });
}
