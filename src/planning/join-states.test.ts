import { describe, expect, it, vi } from 'vitest';
import type { EtcdMemberFact } from '../facts/cluster-facts.ts';
import type { FileFact } from '../facts/host-facts.ts';
import { ADMIN_CONF, BOOTSTRAP_KUBELET_CONF, KUBELET_CONF, SUPER_ADMIN_CONF, manifestPath } from '../facts/kubernetes-paths.ts';
import type { Snapshot } from '../facts/snapshot.ts';
import { memberFact, nodeFact } from '../facts/testing/fact-arbitraries.ts';
import { known, unknown } from '../plan/fact.ts';
import { INIT_MARK, JOIN_MARK } from '../shell/remote-paths.ts';
import type { DeployAnswer } from './plan-deploy.ts';
import { planDeploy } from './plan-deploy.ts';
import { clusterOf, plainEntry } from './testing/any-cluster.ts';
import { bareMachines, inputFor } from './testing/deploy-input.ts';
import { foldPlan, settle } from './testing/fold-plan.ts';
import { livingSnapshot, neverJoined, someFile, unreachable, withCluster, withFiles, withHost } from './testing/living.ts';

vi.setConfig({ testTimeout: 30_000 });

const cluster = clusterOf(plainEntry);
const living = livingSnapshot(cluster);
const plan = (snapshot: Snapshot): DeployAnswer => planDeploy(inputFor(cluster, snapshot));
const steps = ({ plan: { steps: all } }: DeployAnswer): readonly string[] => all.map(({ id }) => id);
const peerURLs = ['https://10.0.0.12:2380'];

/** Files that kubeadm has written by the end of each phase of a control plane's join. */
const prepared: Readonly<Record<string, FileFact>> = {
  [JOIN_MARK]: someFile,
  [ADMIN_CONF]: someFile,
  [manifestPath('kube-apiserver')]: someFile,
  [manifestPath('kube-controller-manager')]: someFile,
  [manifestPath('kube-scheduler')]: someFile,
};
const kubeletStarted = { ...prepared, [KUBELET_CONF]: someFile };
const etcdJoined = { ...kubeletStarted, [manifestPath('etcd')]: someFile };

interface Died {
  readonly files: Readonly<Record<string, FileFact>>;
  readonly node?: boolean;
  readonly member?: Partial<EtcdMemberFact>;
  readonly isControlPlane?: boolean;
}

/** The living cluster, but that the join of this node died, or was never begun. */
function died(name: string, { files, node, member, isControlPlane = false }: Died): Snapshot {
  const left = withFiles(neverJoined(living, cluster, name), name, files);
  return withCluster(member === undefined ? left : withHost(left, name, () => ({ hasEtcdData: true })), ({ nodes, etcdMembers }) => ({
    nodes: node === true ? { ...nodes, [name]: nodeFact(name, { isControlPlane, isReady: false }) } : nodes,
    etcdMembers: member !== undefined && etcdMembers.state === 'known' ? known([...etcdMembers.value, memberFact(name, { peerURLs, ...member })]) : etcdMembers,
  }));
}

/** Which of the repairs of a node are planned; each that waits for the one before, as all must, after an arrow. */
function repairs({ plan: { steps: all } }: DeployAnswer, name: string): string {
  const own = all.filter(({ id }) => ['forget', 'clean', 'join', 'prove'].some((step) => id === `${name}/${step}`));
  return own
    .map(({ id, needs }, index) => {
      const waits = needs.some(({ step, when }) => step === own[index - 1]?.id && when === 'succeeded');
      return `${waits ? '> ' : ''}${id.slice(name.length + 1)}`;
    })
    .join(' ');
}

describe('a join that died', () => {
  it.each<readonly [what: string, name: string, state: Died, repairs: string]>([
    ['never begun', 'cp-2', { files: {} }, 'join > prove'],
    ['before kubeadm wrote anything', 'cp-2', { files: { [JOIN_MARK]: someFile } }, 'join > prove'],
    ['manifests, no kubelet', 'cp-2', { files: prepared }, 'clean > join > prove'],
    ['the kubelet has made its Node, no member', 'cp-2', { files: kubeletStarted, node: true }, 'forget > clean > join > prove'],
    ['the member is added, and never started', 'cp-2', { files: etcdJoined, node: true, member: { name: '', isLearner: true, isHealthy: false } }, 'forget > clean > join > prove'],
    ['the member learns', 'cp-2', { files: etcdJoined, node: true, member: { isLearner: true } }, 'forget > clean > join > prove'],
    ['the member votes, the Node is no control plane yet', 'cp-2', { files: etcdJoined, node: true, member: {} }, 'forget > clean > join > prove'],
    ['all of it, but the mark was not taken away', 'cp-2', { files: etcdJoined, node: true, isControlPlane: true, member: {} }, ''],
    ['a worker whose kubelet has not registered', 'w-1', { files: { [JOIN_MARK]: someFile, [BOOTSTRAP_KUBELET_CONF]: someFile } }, 'clean > join > prove'],
    ['a worker whose Node was deleted', 'w-1', { files: { [JOIN_MARK]: someFile, [KUBELET_CONF]: someFile } }, 'clean > join > prove'],
  ])('%s (%s)', (_what, name, state, expected) => {
    const answer = plan(died(name, state));
    expect(answer.refused).toEqual([]);
    expect(answer.unsupported).toEqual([]);
    expect(repairs(answer, name)).toBe(expected);
    const after = settle(foldPlan(answer.plan, died(name, state)));
    expect(steps(plan(after))).toEqual([]);
  });

  it('has its member removed before its Node, both through another control plane, before anything of it is wiped', () => {
    const { plan: made } = plan(died('cp-2', { files: etcdJoined, node: true, member: { isLearner: true } }));
    const forget = made.steps.find(({ id }) => id === 'cp-2/forget');
    expect(forget?.actions.map(({ action }) => action.kind)).toEqual(['member-absent', 'node-absent']);
    expect(forget?.on).not.toEqual({ lane: 'cp-2' });
    expect(forget?.effect.etcdMembers).toBe(-1);
    expect(made.steps.find(({ id }) => id === 'cp-2/clean')?.needs).toContainEqual({ step: 'cp-2/forget', when: 'succeeded' });
  });
});

describe('a join whose kubelet came to its end without kubeadm', () => {
  it.each(['cp-2', 'w-1'])('has the token taken from %s with which its kubelet was let in', (name) => {
    const left = withFiles(living, name, { [JOIN_MARK]: someFile, [BOOTSTRAP_KUBELET_CONF]: someFile });
    const removed = plan(left).plan.steps.flatMap(({ actions }) => actions.flatMap(({ action }) => (action.kind === 'absent' ? [action] : [])));
    expect(removed.map(({ path }) => path)).toEqual([BOOTSTRAP_KUBELET_CONF, JOIN_MARK]);
    expect(removed[0]).toMatchObject({ secret: true });
  });
});

describe('what no run of ours left so', () => {
  const without = (files: Readonly<Record<string, FileFact>>): Readonly<Record<string, FileFact>> =>
    Object.fromEntries(Object.entries(files).filter(([path]) => path !== JOIN_MARK));
  it.each<readonly [what: string, name: string, state: Died]>([
    ['manifests of another cluster', 'cp-2', { files: without(prepared) }],
    ['a Node that another machine had', 'cp-2', { files: {}, node: true }],
    ['a member that another machine had', 'cp-2', { files: {}, member: {} }],
    ['a worker of another cluster', 'w-1', { files: { [KUBELET_CONF]: someFile } }],
    ['data of etcd alone', 'cp-2', { files: {}, member: { name: 'cp-9' } }],
    ['a worker that the file calls a control plane', 'cp-2', { files: { [KUBELET_CONF]: someFile }, node: true }],
  ])('%s is neither cleaned nor joined', (_what, name, state) => {
    const answer = plan(died(name, state));
    expect(repairs(answer, name)).toBe('');
    expect(answer.unsupported.map(({ where }) => where)).toContain(`node ${name}`);
  });

  it('a voting member with all its manifests and no Node serves: refused, and nothing of it touched', () => {
    const answer = plan(died('cp-2', { files: etcdJoined, member: {} }));
    expect(repairs(answer, 'cp-2')).toBe('');
    expect(answer.refused.map(({ id }) => id)).toContain('cp-2/join');
  });
});

describe('no API server answers', () => {
  const silent = (snapshot: Snapshot): Snapshot => ({ ...snapshot, cluster: unknown('connection refused') });
  const bare = bareMachines(cluster);
  const manifests = { [manifestPath('kube-apiserver')]: someFile, [manifestPath('etcd')]: someFile };

  it.each<readonly [what: string, snapshot: Snapshot]>([
    ['a cluster that is down', silent(living)],
    ['one control plane that init has ended on: admin.conf, no super-admin.conf', withFiles(bare, 'cp-1', { ...manifests, [ADMIN_CONF]: someFile })],
    ['one control plane with the mark of a join: others of its cluster may not be in the file', withFiles(bare, 'cp-2', prepared)],
    ['two control planes with traces, one marked', withFiles(withFiles(bare, 'cp-1', { ...manifests, [INIT_MARK]: someFile }), 'cp-2', manifests)],
    ['a machine that could not be seen', unreachable(bare, 'cp-2')],
    ['data of etcd alone', withHost(bare, 'cp-3', () => ({ hasEtcdData: true }))],
  ])('%s is obscured: nothing is begun, nothing cleaned', (_what, snapshot) => {
    const answer = plan(snapshot);
    expect(answer.obscured).toEqual(expect.any(String));
    const kinds = answer.plan.steps.flatMap(({ actions }) => actions.map(({ action }) => action.kind));
    expect(kinds.filter((kind) => kind.startsWith('kubeadm') || kind.endsWith('-absent'))).toEqual([]);
  });

  it.each<readonly [what: string, snapshot: Snapshot, node: string, clean: boolean]>([
    ['bare machines: the least name, whatever the order', bare, 'cp-1', false],
    ['an init that died early', withFiles(bare, 'cp-2', { ...manifests, [INIT_MARK]: someFile }), 'cp-2', true],
    [
      'an init that died late',
      withFiles(bare, 'cp-3', { ...manifests, [INIT_MARK]: someFile, [ADMIN_CONF]: someFile, [SUPER_ADMIN_CONF]: someFile, [KUBELET_CONF]: someFile }),
      'cp-3',
      true,
    ],
  ])('%s: begun there', (_what, snapshot, node, clean) => {
    const answer = plan(snapshot);
    expect(answer.obscured).toBeUndefined();
    expect(steps(answer).filter((id) => /\/(init|clean)$/.test(id))).toEqual([...(clean ? [`${node}/clean`] : []), `${node}/init`]);
    expect(steps(plan(settle(foldPlan(answer.plan, snapshot))))).toEqual([]);
  });
});

it('a machine that cannot be prepared is not begun on: no token is made for an init that is refused', () => {
  const bare = bareMachines(cluster);
  const unreadable = cluster.nodes.reduce((snapshot, { name }) => withFiles(snapshot, name, { '/etc/hosts': someFile }), bare);
  const answer = plan(unreadable);
  expect(answer.refused.map(({ id }) => id)).toContain('cp-1/init');
  expect(steps(answer)).toEqual([]);
});

describe('a single control plane that lives', () => {
  const one = clusterOf({ ...plainEntry, nodes: plainEntry.nodes.slice(0, 1) });
  const alive = livingSnapshot(one);
  it.each<readonly [what: string, snapshot: Snapshot]>([
    ['etcd does not answer for a moment', withCluster(alive, () => ({ etcdMembers: unknown('timed out') }))],
    [
      'etcd does not answer, and the mark of init was left',
      withFiles(
        withCluster(alive, () => ({ etcdMembers: unknown('timed out') })),
        'cp-1',
        { [INIT_MARK]: someFile },
      ),
    ],
    [
      'somebody took kube-proxy away',
      withCluster(alive, ({ workloads }) => ({ workloads: Object.fromEntries(Object.entries(workloads).filter(([name]) => !name.endsWith('kube-proxy'))) })),
    ],
    ['somebody took CoreDNS and cluster-info away', withCluster(alive, () => ({ workloads: {}, configMaps: {} }))],
  ])('%s: never begun anew', (_what, snapshot) => {
    const made = planDeploy(inputFor(one, snapshot));
    expect(steps(made).filter((id) => /\/(init|clean|forget)$/.test(id))).toEqual([]);
  });

  it('loses the mark of an init that was killed after its end', () => {
    const made = planDeploy(inputFor(one, withFiles(alive, 'cp-1', { [INIT_MARK]: someFile, [JOIN_MARK]: someFile })));
    expect(made.plan.steps.flatMap(({ actions }) => actions.flatMap(({ action }) => (action.kind === 'absent' ? [action.path] : [])))).toEqual([INIT_MARK, JOIN_MARK]);
  });
});

describe('a member that cannot be reached', () => {
  it('has its steps refused and nothing else planned: no keys are read, no token made', () => {
    const answer = plan(unreachable(living, 'cp-2'));
    expect(steps(answer)).toEqual([]);
    expect(answer.unsupported).toEqual([]);
    expect(answer.refused.length).toBeGreaterThan(0);
    expect(answer.refused.filter(({ lane, id }) => lane !== 'cp-2' && !id.startsWith('cp-2/'))).toEqual([]);
  });

  it.each(['cp-3', 'w-1'])('does not keep %s from joining', (joining) => {
    const answer = plan(unreachable(neverJoined(living, cluster, joining), 'cp-2'));
    expect(steps(answer)).toContain(`${joining}/join`);
    expect(answer.refused.map(({ id }) => id).filter((id) => id.startsWith(`${joining}/`))).toEqual([]);
  });

  it('is refused alone where it is a worker; a half-done control plane is repaired meanwhile', () => {
    const answer = plan(unreachable(died('cp-3', { files: kubeletStarted, node: true }), 'w-1'));
    expect(repairs(answer, 'cp-3')).toBe('forget > clean > join > prove');
    expect(answer.refused.filter(({ lane, id }) => lane !== 'w-1' && !id.startsWith('w-1/')).map(({ id, why }) => `${id}: ${why}`)).toEqual([
      'cluster/ready: needs w-1/join, which is refused',
    ]);
  });
});
