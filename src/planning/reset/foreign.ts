import { hostTraces } from '../../facts/join-state.ts';
import { fileKey, ledgerKey } from '../../facts/keys.ts';
import { hasGround, isBegun, wasFilled } from '../../facts/ledger/ledger-facts.ts';
import type { LedgerClaim } from '../../facts/ledger/ledger-facts.ts';
import { CLUSTER_CA, KUBERNETES_DIR } from '../../facts/kubernetes-paths.ts';
import type { View } from '../../facts/snapshot.ts';
import type { ClusterWide } from '../../model/cluster.ts';
import type { Reading } from '../../plan/fact.ts';
import { HOSTS_FILE, endpointsIn } from '../files/system.ts';

/** What kubeadm fills: with something in it before our first change, the machine was a node of others. */
const OF_KUBEADM = [KUBERNETES_DIR, '/var/lib/etcd'];

/** Why nothing on the machine is ours to undo, or undefined where it is, or where there is nothing. */
export function whyNotOurs(reading: Reading<View>, { endpoint, name }: Pick<ClusterWide, 'endpoint' | 'name'>): string | undefined {
  const ledger = reading.read(ledgerKey);
  if (ledger.state !== 'known') return undefined;
  if (!isBegun(ledger.value)) return hostTraces(reading) === 'some' ? 'it holds a node, and no ledger of this tool says what was there before: it was made by others' : undefined;
  if (!hasGround(ledger.value)) return 'its ledger was begun by an earlier version of this tool and does not say what was there before';
  const before = ledger.value.items.find((item) => OF_KUBEADM.includes(item.path) && wasFilled(item));
  if (before !== undefined) return `${before.path} was filled before the first change by this tool: the cluster was made by others`;
  const others = otherClusters(reading, endpoint.host);
  if (others.length > 0) return `it is a machine of another cluster: ${HOSTS_FILE} has ${others.join(', ')}`;
  const { claim } = ledger.value;
  return claim === undefined || claim.cluster === name ? undefined : `it is a machine of another cluster: its ledger is of ${claim.cluster}`;
}

function otherClusters(reading: Reading<View>, own: string): readonly string[] {
  const file = reading.read(fileKey(HOSTS_FILE));
  const text = file.state === 'known' && file.value.type === 'file' ? (file.value.text ?? '') : '';
  return endpointsIn(text).filter((name) => name !== own);
}

/** Machines whose CA is another one than that of the first machine that has one: by name alone two clusters are not told apart. */
export function otherAuthorities(nodes: readonly string[], caOf: (node: string) => string | undefined): readonly { readonly node: string; readonly why: string }[] {
  const first = nodes.find((node) => caOf(node) !== undefined);
  if (first === undefined) return [];
  const others = nodes.filter((node) => caOf(node) !== undefined && caOf(node) !== caOf(first));
  return others.map((node) => ({ node, why: `its cluster's CA (${CLUSTER_CA}, or as its ledger has it) is another one than that of ${first}: they are of two clusters` }));
}

/** Digest of the CA of the cluster that the machine is of; where a reset has removed it already, the ledger tells. */
export function authorityOf(reading: Reading<View>): string | undefined {
  const file = reading.read(fileKey(CLUSTER_CA));
  if (file.state === 'known' && file.value.type === 'file') return file.value.sha256;
  return claimOf(reading)?.authority || undefined;
}

/** Whether the endpoint's line, or the ledger, says that the machine is of the cluster of this file. */
export function isNamedBy(reading: Reading<View>, { endpoint, name }: Pick<ClusterWide, 'endpoint' | 'name'>): boolean {
  const file = reading.read(fileKey(HOSTS_FILE));
  const hasLine = file.state === 'known' && file.value.type === 'file' && endpointsIn(file.value.text ?? '').includes(endpoint.host);
  return hasLine || claimOf(reading)?.cluster === name;
}

function claimOf(reading: Reading<View>): LedgerClaim | undefined {
  const ledger = reading.read(ledgerKey);
  return ledger.state === 'known' ? ledger.value.claim : undefined;
}
