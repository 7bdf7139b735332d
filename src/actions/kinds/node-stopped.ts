import { ledgerKey } from '../../facts/keys.ts';
import { holdsContainers } from '../../facts/ledger/ledger-facts.ts';
import type { LedgerFacts, LedgerItem } from '../../facts/ledger/ledger-facts.ts';
import { CONTAINERS_SHELL, RUNTIME_SOCKET, TASKS_DIR } from '../../shell/ledger-shell.ts';
import { command, quote } from '../../shell/quote.ts';
import type { Kind } from '../kind.ts';
import { DRIFTED_EXIT } from '../kind.ts';
import { withHost } from '../predict.ts';
import { asPlanned } from './as-planned.ts';

/** Nothing of a cluster runs on the host: no kubelet that would start anything again, no container, no runtime of ours. etcd's membership is not its business: the whole cluster ends. */
export interface NodeStoppedAction {
  readonly kind: 'node-stopped';
  /** Units of the ledger, in the order in which they are stopped: who starts containers first. */
  readonly units: readonly string[];
  /** What is given back afterwards. A file of it that is not what the plan saw is found before anything is stopped. */
  readonly items: readonly LedgerItem[];
  /** Containers of others, `NAMESPACE/ID`, that end with the runtime, since its directories go. Any that is not among them is found before anything is stopped. */
  readonly others: readonly string[];
}

const CRICTL = ['crictl', '--runtime-endpoint', `unix://${RUNTIME_SOCKET}`];
const REMOVE_PODS = [...CRICTL, 'rmp', '--force', '--all'];
const PODS_SECONDS = 180;
const ASKED_SECONDS = 30;
const ENDED_SECONDS = 30;

/** What stands below these is mounted by the kubelet, or by the runtime for its containers: those of others are in other namespaces of containerd. */
const MOUNTED_BELOW = ['/var/lib/kubelet', `${TASKS_DIR}/k8s.io`, '/run/containerd/io.containerd.grpc.v1.cri'];

/**
 * `kw_networks`: names of the network namespaces of pods, as their containers are told, and as the runtime says, if it answers: of a pod whose containers have ended. All who use CNI plugins name theirs
 * alike, in one directory.
 */
const NETWORKS = `
kw_networks() {
  {
    cat ${TASKS_DIR}/k8s.io/*/config.json 2>/dev/null || :
    if [ -S ${RUNTIME_SOCKET} ] && command -v crictl > /dev/null; then
      pods=$(timeout ${ASKED_SECONDS} ${command(...CRICTL)} pods -q 2>/dev/null) && [ -n "$pods" ] && timeout ${ASKED_SECONDS} ${command(...CRICTL)} inspectp $pods 2>/dev/null || :
    fi
  } | grep -oE '/netns/cni-[A-Za-z0-9-]+"' | sed 's|^/netns/||; s|"$||' | sort -u
}`.trim();

/** Stops as drifted where others have started a container since the plan was made: nobody has consented to its end. */
function noMoreOf(others: readonly string[]): string {
  const come = `printf '%s: a container of others that the plan does not have\\n' "$one"; exit ${DRIFTED_EXIT}`;
  return `for one in $(kw_others); do case ${quote(` ${others.join(' ')} `)} in *" $one "*) ;; *) ${come} ;; esac; done`;
}

/** Namespaces of containers, as a pattern. */
const namespacesOf = (others: readonly string[]): string => [...new Set(others.map((one) => one.split('/')[0] ?? ''))].map((name) => name.replaceAll('.', '\\.')).join('|');

const isStopped = ({ items, containers, others: left }: LedgerFacts, { units, others }: NodeStoppedAction): boolean =>
  containers === 0 && !others.some((one) => left.includes(one)) && items.every(({ what, path, now }) => what !== 'unit' || !units.includes(path) || now.endsWith(' inactive'));

export const nodeStopped: Kind<NodeStoppedAction> = {
  words: ({ units, others }) => `stop ${[...units, 'every container of Kubernetes', ...others.map((one) => `container ${one} of others`)].join(', ')}`,
  details: ({ units }) => ({ command: [...units.map((unit) => command('systemctl', 'stop', unit)), command(...REMOVE_PODS)].join('\n') }),
  probes: () => [{ probe: 'ledger' }],
  progress: (action, reading) => {
    const fact = reading.read(ledgerKey);
    if (fact.state !== 'known') return 'unknown';
    return isStopped(fact.value, action) ? 'done' : 'absent';
  },
  script: ({ units: [first = '', ...later], items: givenBack, others }) => ({
    shell: [
      asPlanned(givenBack),
      CONTAINERS_SHELL,
      ...(givenBack.some(holdsContainers) ? [noMoreOf(others)] : []),
      // They are asked for while there are pods.
      NETWORKS,
      'networks=$(kw_networks)',
      // A unit may be gone already: a run that died is gone on with.
      `stop() { systemctl stop "$1" 2>/dev/null || ! systemctl is-active -q "$1"; }`,
      command('stop', first),
      `if [ -S ${RUNTIME_SOCKET} ] && command -v crictl > /dev/null; then timeout ${PODS_SECONDS} ${command(...REMOVE_PODS)} > /dev/null || printf 'not every pod could be removed by the runtime: their processes are killed\\n'; fi`,
      ...later.map((unit) => command('stop', unit)),
      // containerd leaves containers alone when it ends, and so does a kubelet.
      `left() { ${command('kw_shims', namespacesOf(others))}; kw_contained; ${command('kw_inits', ...others)}; }`,
      `ended() { for p in $(left); do kill -9 "$p" 2>/dev/null; done; [ -z "$(left)" ]; }`,
      `kw_until ${ENDED_SECONDS} 'every container has ended' ended`,
      `systemctl stop kubepods.slice 2>/dev/null || :`,
      `for below in ${command(...MOUNTED_BELOW)}; do kw_unmount "$below"; done`,
      `for network in $networks; do pod=/run/netns/$network; [ ! -e "$pod" ] || { umount "$pod" 2>/dev/null || umount -l "$pod" 2>/dev/null || :; rm -f "$pod"; }; done`,
    ].join('\n'),
    inputs: [],
  }),
  predict: ({ units, others }, view) =>
    withHost(view, ({ ledger }) => {
      if (ledger === undefined) return {};
      const items = ledger.items.map((item) => (item.what === 'unit' && units.includes(item.path) ? { ...item, now: `${item.now.split(' ')[0] ?? ''} inactive` } : item));
      return { ledger: { ...ledger, items, containers: 0, others: ledger.others.filter((one) => !others.includes(one)) } };
    }),
};
