import { joinState, hostTraces, isStrange } from './join-state.ts';
import type { Reading } from '../plan/fact.ts';
import { hostOfNode } from './observed.ts';
import type { Snapshot, View } from './snapshot.ts';

/** How a machine stands before a deployment. */
export type Standing =
  /** Nothing of kubeadm's is on it. */
  | 'new'
  /** Another cluster's, or what is left of one, and no run of this tool was ever there. */
  | 'strange'
  /** A member, or on the way: what is on it is the cluster's own. */
  | 'ours'
  | 'unseen';

/** Pure. A machine that a run of this tool has prepared is never called strange: what is on it may be a cluster of ours that is down. */
export function standingOf({ name, role }: { readonly name: string; readonly role: 'control-plane' | 'worker' }, snapshot: Snapshot): Standing {
  const host = hostOfNode(snapshot, name);
  if (host.state !== 'known') return 'unseen';
  const reading: Reading<View> = { read: (key) => key.pick({ host, cluster: snapshot.cluster }) };
  if (hostTraces(reading) === 'unknown') return 'unseen';
  const state = joinState(name, role, reading);
  if (state === 'absent') return 'new';
  const isStranger = snapshot.cluster.state === 'known' ? state === 'foreign' : isStrange(reading);
  return isStranger && host.value.ground?.isPrepared !== true ? 'strange' : 'ours';
}
