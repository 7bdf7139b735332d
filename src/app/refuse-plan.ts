import { AppError } from '../errors/app-error.ts';
import type { Snapshot } from '../facts/snapshot.ts';
import { laneId } from '../plan/plan.ts';
import type { Unseen } from '../plan/fact.ts';
import type { DeployAnswer } from '../planning/plan-deploy.ts';
import type { LoadedCluster } from './cluster-file.ts';
import { unseenLines } from './unseen-fact.ts';

/**
 * Throws what keeps a plan from being carried out at all: `refused` with every difference that cannot be carried out, `cluster-unreachable` when a cluster may be there and cannot be
 * seen, `host-unreachable` when a machine that is no member, as far as is known, is not there.
 */
export function refuseWhatCannotBe({ cluster, path }: LoadedCluster, snapshot: Snapshot, { unsupported, obscured }: Pick<DeployAnswer, 'unsupported' | 'obscured'>): void {
  if (unsupported.length > 0) {
    throw new AppError('refused', `${path} asks for what this version cannot change on a living cluster; nothing was changed`, {
      details: unsupported.map(({ where, why }) => `${where}: ${why}`),
      hint: 'put the file back to what the cluster is, or make the change by hand first',
    });
  }
  const { members, strangers } = unseenMachines({ cluster }, snapshot);
  const isKnown = snapshot.cluster.state === 'known';
  // Who is a member nobody knows then.
  if (obscured !== undefined) {
    const why = snapshot.cluster.state === 'known' ? [] : [snapshot.cluster.why];
    const unseen = unseenLines([...members, ...strangers]);
    throw new AppError('cluster-unreachable', `${obscured}; nothing was changed`, {
      details: [...why, ...unseen],
      hint:
        unseen.length > 0
          ? 'do what stands below each machine, then run the command again'
          : 'bring one control plane back, or look at its kubelet and etcd, then run the command again',
    });
  }
  if (strangers.length > 0)
    throw new AppError('host-unreachable', `${strangerWords(strangers.length, isKnown)}; nothing was changed`, {
      details: unseenLines(strangers),
      hint: 'do what stands below each machine, then run the command again',
    });
}

function strangerWords(count: number, isKnown: boolean): string {
  if (isKnown) return count === 1 ? 'a machine that is not yet a member was not reached' : `${count} machines that are not yet members were not reached`;
  return count === 1 ? 'a machine was not reached, and whether it is a member is not known' : `${count} machines were not reached, and whether they are members is not known`;
}

export interface UnseenMachines {
  readonly members: readonly Unseen[];
  readonly strangers: readonly Unseen[];
}

/** Machines of the file that could not be looked at: members of the cluster, whose own steps are left out, and others. While the cluster is not known nobody is known as a member. */
export function unseenMachines({ cluster }: Pick<LoadedCluster, 'cluster'>, snapshot: Snapshot): UnseenMachines {
  const nodes = snapshot.cluster.state === 'known' ? snapshot.cluster.value.nodes : {};
  const unseen = cluster.nodes.flatMap(({ name }) => {
    const fact = snapshot.hosts[laneId(name)];
    return fact !== undefined && fact.state !== 'known' ? [{ name, fact }] : [];
  });
  const of = (isMember: boolean): readonly Unseen[] => unseen.filter(({ name }) => name in nodes === isMember).map(({ fact }) => fact);
  return { members: of(true), strangers: of(false) };
}
