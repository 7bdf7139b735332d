import { hostTraces } from '../../facts/join-state.ts';
import { fileKey, ledgerKey } from '../../facts/keys.ts';
import { hasGround, isBegun, wasFilled } from '../../facts/ledger/ledger-facts.ts';
import { KUBERNETES_DIR } from '../../facts/kubernetes-paths.ts';
import type { View } from '../../facts/snapshot.ts';
import type { ClusterWide } from '../../model/cluster.ts';
import type { Reading } from '../../plan/fact.ts';
import { HOSTS_FILE, endpointsIn } from '../files/system.ts';

/** What kubeadm fills: with something in it before our first change, the machine was a node of others. */
const OF_KUBEADM = [KUBERNETES_DIR, '/var/lib/etcd'];

/** Why nothing on the machine is ours to undo, or undefined where it is, or where there is nothing. */
export function whyNotOurs(reading: Reading<View>, { endpoint }: Pick<ClusterWide, 'endpoint'>): string | undefined {
  const ledger = reading.read(ledgerKey);
  if (ledger.state !== 'known') return undefined;
  if (!isBegun(ledger.value)) return hostTraces(reading) === 'some' ? 'it holds a node, and no ledger of this tool says what was there before: it was made by others' : undefined;
  if (!hasGround(ledger.value)) return 'its ledger was begun by an earlier version of this tool and does not say what was there before';
  const before = ledger.value.items.find((item) => OF_KUBEADM.includes(item.path) && wasFilled(item));
  if (before !== undefined) return `${before.path} was filled before the first change by this tool: the cluster was made by others`;
  const others = otherClusters(reading, endpoint.host);
  return others.length === 0 ? undefined : `it is a machine of another cluster: ${HOSTS_FILE} has ${others.join(', ')}`;
}

function otherClusters(reading: Reading<View>, own: string): readonly string[] {
  const file = reading.read(fileKey(HOSTS_FILE));
  const text = file.state === 'known' && file.value.type === 'file' ? (file.value.text ?? '') : '';
  return endpointsIn(text).filter((name) => name !== own);
}
