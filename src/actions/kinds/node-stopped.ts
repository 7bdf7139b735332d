import { ledgerKey } from '../../facts/keys.ts';
import type { LedgerFacts, LedgerItem } from '../../facts/ledger/ledger-facts.ts';
import { CONTAINERS_SHELL } from '../../shell/ledger-shell.ts';
import { command } from '../../shell/quote.ts';
import type { Kind } from '../kind.ts';
import { withHost } from '../predict.ts';
import { asPlanned } from './as-planned.ts';

/** Nothing of a cluster runs on the host: no kubelet that would start anything again, no container, no runtime of ours. etcd's membership is not its business: the whole cluster ends. */
export interface NodeStoppedAction {
  readonly kind: 'node-stopped';
  /** Units of the ledger, in the order in which they are stopped: who starts containers first. */
  readonly units: readonly string[];
  /** What is given back afterwards. A file of it that is not what the plan saw is found before anything is stopped. */
  readonly items: readonly LedgerItem[];
}

const SOCKET = '/run/containerd/containerd.sock';
const REMOVE_PODS = ['crictl', '--runtime-endpoint', `unix://${SOCKET}`, 'rmp', '--force', '--all'];
const PODS_SECONDS = 180;
const ENDED_SECONDS = 30;

/** What stands below these is mounted by the kubelet, or by the runtime for its containers: those of others are in other namespaces of containerd. */
const MOUNTED_BELOW = ['/var/lib/kubelet', '/run/containerd/io.containerd.runtime.v2.task/k8s.io', '/run/containerd/io.containerd.grpc.v1.cri'];

const isStopped = ({ items, containers }: LedgerFacts, units: readonly string[]): boolean =>
  containers === 0 && items.every(({ what, path, now }) => what !== 'unit' || !units.includes(path) || now.endsWith(' inactive'));

export const nodeStopped: Kind<NodeStoppedAction> = {
  words: ({ units }) => `stop ${[...units, 'every container of Kubernetes'].join(', ')}`,
  details: ({ units }) => ({ command: [...units.map((unit) => command('systemctl', 'stop', unit)), command(...REMOVE_PODS)].join('\n') }),
  probes: () => [{ probe: 'ledger' }],
  progress: ({ units }, reading) => {
    const fact = reading.read(ledgerKey);
    if (fact.state !== 'known') return 'unknown';
    return isStopped(fact.value, units) ? 'done' : 'absent';
  },
  script: ({ units: [first = '', ...others], items: givenBack }) => ({
    shell: [
      asPlanned(givenBack),
      // A unit may be gone already: a run that died is gone on with.
      `stop() { systemctl stop "$1" 2>/dev/null || ! systemctl is-active -q "$1"; }`,
      command('stop', first),
      `if [ -S ${SOCKET} ] && command -v crictl > /dev/null; then timeout ${PODS_SECONDS} ${command(...REMOVE_PODS)} > /dev/null || printf 'not every pod could be removed by the runtime: their processes are killed\\n'; fi`,
      ...others.map((unit) => command('stop', unit)),
      // containerd leaves containers alone when it ends, and so does a kubelet.
      CONTAINERS_SHELL,
      `ended() { for p in $(kw_shims) $(kw_contained); do kill -9 "$p" 2>/dev/null; done; [ -z "$(kw_shims)$(kw_contained)" ]; }`,
      `kw_until ${ENDED_SECONDS} 'every container has ended' ended`,
      `systemctl stop kubepods.slice 2>/dev/null || :`,
      `for below in ${command(...MOUNTED_BELOW)}; do kw_unmount "$below"; done`,
      // Network namespaces have one directory for all who make some.
      `for pod in /run/netns/cni-*; do [ ! -e "$pod" ] || { umount "$pod" 2>/dev/null || umount -l "$pod" 2>/dev/null || :; rm -f "$pod"; }; done`,
    ].join('\n'),
    inputs: [],
  }),
  predict: ({ units }, view) =>
    withHost(view, ({ ledger }) => {
      if (ledger === undefined) return {};
      const items = ledger.items.map((item) => (item.what === 'unit' && units.includes(item.path) ? { ...item, now: `${item.now.split(' ')[0] ?? ''} inactive` } : item));
      return { ledger: { items, containers: 0 } };
    }),
};
