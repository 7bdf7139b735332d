import type { StatusJson, StatusNodeJson } from '../contract/status.ts';
import { count } from '../util/count.ts';
import { formatAge } from './duration.ts';
import type { Paint } from './paint.ts';
import { harmless } from './paint.ts';
import { renderTable } from './table.ts';

const COMPONENTS = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'etcd', 'kubelet', 'containerd', 'api-proxy'] as const;
const TITLES = ['API server', 'controllers', 'scheduler', 'etcd', 'kubelet', 'containerd', 'API proxy'];
const SOON_DAYS = 30;

/** The status of a cluster for people, in blocks. Ends with a newline. */
export function renderStatus(status: StatusJson, paint: Paint): string {
  const blocks = [
    headOf(status, paint),
    nodesTable(status.nodes, paint),
    versionsTable(status.nodes, paint),
    etcdTable(status, paint),
    runLines(status, paint),
    unseenLines(status, paint),
  ];
  return `${blocks.filter((block) => block !== '').join('\n')}`;
}

function headOf({ cluster, time, kubernetes, via, endpoint }: StatusJson, paint: Paint): string {
  const seen = via === null ? paint.yellow('not seen') : `Kubernetes ${harmless(kubernetes ?? '')}, seen through ${via}`;
  const servers = via === null ? '' : `; API servers: ${endpoint.apiServers.map(harmless).join(', ') || paint.red('none')}`;
  return `cluster ${paint.bold(cluster)} at ${time}: ${seen}\nendpoint ${endpoint.server}${servers}\n`;
}

function nodesTable(nodes: readonly StatusNodeJson[], paint: Paint): string {
  const rows = nodes.map((node) => [node.name, node.role, stateOf(node), node.address ?? '', expiryOf(node)]);
  return renderTable(['node', 'role', 'state', 'address', 'first certificate to expire'], rows, paint);
}

function stateOf({ ready, reached, inFile }: StatusNodeJson): string {
  const node = ready === null ? 'no node seen' : ready ? 'Ready' : 'NotReady';
  if (!inFile) return `${node}, not in the file`;
  return reached ? node : `${node}, machine not reached`;
}

function expiryOf({ firstToExpire: first }: StatusNodeJson): string {
  if (first === null) return '';
  const file = first.path.split('/').at(-1) ?? '';
  if (first.daysLeft < 0) return `EXPIRED ${file}`;
  return `${count(first.daysLeft, 'day')}${first.daysLeft < SOON_DAYS ? ' only' : ''}, ${file}`;
}

/** What runs where, in which version. */
function versionsTable(nodes: readonly StatusNodeJson[], paint: Paint): string {
  const rows = nodes.map(({ name, components }) => [
    name,
    ...COMPONENTS.map((wanted) => {
      const found = components.find((component) => component.name === wanted);
      if (found === undefined) return '';
      if (found.version === undefined && found.running === false) return '-';
      return `${found.version ?? '?'}${found.running === false ? ' (down)' : ''}`;
    }),
  ]);
  return renderTable(['node', ...TITLES], rows, paint);
}

function etcdTable({ etcd }: StatusJson, paint: Paint): string {
  if (etcd.length === 0) return '';
  const rows = etcd.map(({ name, id, leader, learner, healthy }) => [
    name === '' ? '(not started)' : name,
    id,
    leader ? 'leader' : learner ? 'learner' : 'follower',
    healthy ? 'yes' : 'NO',
  ]);
  return renderTable(['etcd member', 'id', 'role', 'healthy'], rows, paint);
}

function runLines({ lastRun, lastRunUnread, locks, working, time }: StatusJson, paint: Paint): string {
  const age = (since: string): string => formatAge(Date.parse(time) - Date.parse(since));
  const none = lastRunUnread === undefined ? 'none from here' : paint.yellow(`not known: ${harmless(lastRunUnread)}`);
  const run =
    lastRun === null
      ? none
      : `${lastRun.command === null ? '' : `${harmless(lastRun.command)} `}${lastRun.result ?? paint.yellow('not ended')}, begun ${age(lastRun.startedAt)} ago${stepsOf(lastRun)}; ${lastRun.journal}`;
  return [
    `last run: ${run}`,
    ...(lastRun?.unfinished ?? []).map((step) => `  begun and not ended: ${step}`),
    ...locks.map(({ node, owner, since }) => paint.yellow(`locked: ${node} by ${harmless(owner)}, since ${harmless(since)}`)),
    ...working.map(({ node, step }) => `at work: ${node}: ${harmless(step)}`),
    '',
  ].join('\n');
}

function stepsOf({ stepsRun }: NonNullable<StatusJson['lastRun']>): string {
  return stepsRun === null ? '' : `, ${count(stepsRun, 'step')}`;
}

function unseenLines({ unknown }: StatusJson, paint: Paint): string {
  if (unknown.length === 0) return '';
  return [paint.yellow('could not be seen'), ...unknown.map(({ node, what, why }) => `  ${node === undefined ? '' : `${node}: `}${what}: ${harmless(why)}`), ''].join('\n');
}
