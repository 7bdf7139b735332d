import { clusterKey } from '../../facts/keys.ts';
import { etcdctl, kubectl } from '../../shell/kubectl.ts';
import { quote } from '../../shell/quote.ts';
import type { Kind } from '../kind.ts';
import { withCluster } from '../predict.ts';

/** No etcd member of this node: removed through another member, and proven gone. */
export interface MemberAbsentAction {
  readonly kind: 'member-absent';
  readonly node: string;
  /** `https://10.0.0.12:2380`: tells a member that never started, and so has no name. */
  readonly peerURL: string;
}

/** No Node object of this name. */
export interface NodeAbsentAction {
  readonly kind: 'node-absent';
  readonly node: string;
}

export const memberAbsent: Kind<MemberAbsentAction> = {
  words: ({ node }) => `remove the etcd member of ${node}`,
  details: () => ({ command: 'etcdctl member remove ID' }),
  probes: () => [],
  progress: ({ node, peerURL }, reading) => {
    const fact = reading.read(
      clusterKey(
        `etcd members of ${node}`,
        ({ etcdMembers }) => (etcdMembers.state === 'known' ? etcdMembers.value.filter(({ name, peerURLs }) => name === node || peerURLs.includes(peerURL)).length : undefined),
        (count) => String(count ?? 'unknown'),
      ),
    );
    if (fact.state !== 'known' || fact.value === undefined) return 'unknown';
    return fact.value === 0 ? 'done' : 'absent';
  },
  script: ({ node, peerURL }) => ({
    // `member list` prints ID, status, name, peer URLs, client URLs, learner. A list that could not be had proves nothing: it ends the script.
    shell: [
      `export KW_NODE=${quote(node)} KW_URL=${quote(peerURL)}`,
      `ids() { printf '%s\\n' "$1" | awk -F', ' '$3 == ENVIRON["KW_NODE"] || index("," $4 ",", "," ENVIRON["KW_URL"] ",") {print $1}'; }`,
      `members=$(${etcdctl('member', 'list')})`,
      `for id in $(ids "$members"); do ${etcdctl('member', 'remove')} "$id"; done`,
      `members=$(${etcdctl('member', 'list')})`,
      `[ -z "$(ids "$members")" ] || { echo 'the member is still listed'; exit 1; }`,
    ].join('\n'),
    inputs: [],
  }),
  predict: ({ node, peerURL }, view) =>
    withCluster(view, ({ etcdMembers }) => ({
      etcdMembers:
        etcdMembers.state === 'known' ? { state: 'known', value: etcdMembers.value.filter(({ name, peerURLs }) => name !== node && !peerURLs.includes(peerURL)) } : etcdMembers,
    })),
};

export const nodeAbsent: Kind<NodeAbsentAction> = {
  words: ({ node }) => `delete the Node object of ${node}, which has not joined completely`,
  details: ({ node }) => ({ command: kubectl('delete', 'node', node, '--ignore-not-found') }),
  probes: () => [],
  progress: ({ node }, reading) => {
    const fact = reading.read(clusterKey(`Node object ${node}`, ({ nodes }) => node in nodes, String));
    if (fact.state !== 'known') return 'unknown';
    return fact.value ? 'absent' : 'done';
  },
  script: ({ node }) => ({ shell: kubectl('delete', 'node', node, '--ignore-not-found'), inputs: [] }),
  predict: ({ node }, view) => withCluster(view, ({ nodes }) => ({ nodes: Object.fromEntries(Object.entries(nodes).filter(([name]) => name !== node)) })),
};
