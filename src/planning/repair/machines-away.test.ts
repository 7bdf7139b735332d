import { describe, expect, it } from 'vitest';
import type { AuditSnapshot } from '../../facts/audit/audit-snapshot.ts';
import { unknown } from '../../plan/fact.ts';
import { laneId } from '../../plan/plan.ts';
import { changed, cluster } from '../../rules/testing/audit-changes.ts';
import type { RepairAnswer } from './plan-repair.ts';
import { poweredOff, refusingLogin, withoutApi } from './testing/away.ts';
import { flawed } from './testing/flaws.ts';
import { afterRepair, findingsOf, repairOf, secondLook } from './testing/repaired-world.ts';

const EVERYTHING = flawed(['advertise', 'endpoint', 'bind', 'kubelet', 'proxyName', 'tokens', 'superAdmin']);
const ids = ({ plan }: RepairAnswer): readonly string[] => plan.steps.map(({ id }) => id);
const refusedIds = ({ refused }: RepairAnswer): readonly string[] => refused.map(({ id }) => id).sort();
const whyOf = ({ refused }: RepairAnswer, id: string): string | undefined => refused.find((step) => step.id === id)?.why;

/** What waits for every machine: nobody is led to a name that one of them may not carry or serve. */
const LED = ['cp-1/endpoint', 'cp-2/endpoint', 'cp-3/endpoint', 'w-1/endpoint', 'shared/kube-proxy-endpoint', 'shared/endpoint'];

describe('a control plane that is off', () => {
  it.each([
    ['cp-1', ['cp-2', 'cp-3']],
    ['cp-2', ['cp-1', 'cp-3']],
    ['cp-3', ['cp-1', 'cp-2']],
  ])('%s: shared state and the others are mended, and what concerns it is refused by name with the reason', (off, others) => {
    const answer = repairOf(poweredOff(EVERYTHING, off));
    expect(ids(answer)).toEqual(
      expect.arrayContaining(['shared/kubeadm-config', 'shared/kubelet-config', 'shared/tokens', ...others.map((name) => `${name}/serving-certificate`)]),
    );
    expect(ids(answer).filter((id) => id.startsWith(`${off}/`))).toEqual([]);
    expect(refusedIds(answer)).toEqual(expect.arrayContaining([`${off}/kube-apiserver`, `${off}/serving-certificate`, ...LED]));
    expect(whyOf(answer, `${off}/kube-apiserver`)).toBe('the machine could not be seen (it does not answer): whether shared-advertise-address concerns it is not known');
    for (const { why } of answer.refused) expect(why).toMatch(/could not be seen|needs .*, which is refused|not Ready/);
  });

  it("keeps kube-proxy's configuration as it is: its pod there would never be started anew, and the others would wait for it", () => {
    const answer = repairOf(poweredOff(flawed(['proxyName']), 'cp-2'));
    expect(ids(answer)).toEqual([]);
    expect(whyOf(answer, 'shared/kube-proxy')).toMatch(/^cp-2 is not Ready, and kube-system\/DaemonSet\/kube-proxy cannot be rolled out there: .*then run the command again$/);
  });

  it('keeps a restart of kube-proxy that a run owes, and variables in its pods, for later too', () => {
    const audited = poweredOff(
      changed(flawed([]), (draft) =>
        Object.assign(cluster(draft).workloads['kube-system/DaemonSet/kube-proxy']!, { restartDue: 'd1', environment: [{ name: 'NO_PROXY', value: 'x' }] }),
      ),
      'cp-2',
    );
    const answer = repairOf(audited);
    expect(ids(answer)).toEqual([]);
    expect(refusedIds(answer)).toEqual(['workload-variables/kube-system/DaemonSet/kube-proxy', 'workload/kube-system/DaemonSet/kube-proxy']);
  });

  it('is mended by a second plan when it is back, and a third is empty', () => {
    const off = poweredOff(EVERYTHING, 'cp-2');
    const first = afterRepair(off, repairOf(off).plan);
    const back = changed(first.audited, (draft) => {
      draft.machines = draft.machines.map((machine) =>
        machine.name === 'cp-2' ? structuredClone(EVERYTHING.machines.find(({ name }) => name === 'cp-2')!) : machine,
      ) as typeof draft.machines;
      Object.assign(cluster(draft), {
        nodes: structuredClone(cluster(draft).nodes),
        etcdMembers: EVERYTHING.cluster.state === 'known' ? EVERYTHING.cluster.value.etcdMembers : undefined,
      });
      cluster(draft).nodes['cp-2']!.isReady = true;
    });
    const second = repairOf(back);
    expect(second.refused).toEqual([]);
    expect(ids(second)).toEqual(expect.arrayContaining(['cp-2/kube-apiserver', 'cp-2/serving-certificate', 'shared/endpoint']));
    const after = afterRepair(back, second.plan);
    expect(findingsOf(after.audited).map(({ code }) => code)).toEqual([]);
    expect(ids(repairOf(after.audited, after.snapshot))).toEqual([]);
  });
});

describe('a host that refuses SSH', () => {
  it('and is a control plane: its API server serves on, so that the others are mended; its own flags stay, and kube-proxy is rolled out', () => {
    const answer = repairOf(refusingLogin(EVERYTHING, 'cp-3'));
    expect(ids(answer)).toEqual([
      ...['shared/kubeadm-config', 'shared/kubelet-config', 'shared/kube-proxy', 'cp-1/prove-api', 'cp-2/kube-apiserver'],
      ...['cp-1/serving-certificate', 'cp-2/serving-certificate', 'cp-1/left-files', 'shared/tokens'],
    ]);
    expect(answer.plan.steps.find(({ id }) => id === 'cp-2/kube-apiserver')?.gates).toMatchObject([{ gate: 'api-served-without', others: [{ node: 'cp-1' }, { node: 'cp-3' }] }]);
    expect(refusedIds(answer)).toEqual(expect.arrayContaining(['cp-3/kube-apiserver', 'cp-3/kube-scheduler', 'cp-3/serving-certificate', ...LED]));
    expect(whyOf(answer, 'cp-3/serving-certificate')).toBe('the machine could not be seen (it refuses the login)');
  });

  it('and is a worker: what all share goes on naming what it is served by; all that the others can have is done', () => {
    const answer = repairOf(refusingLogin(EVERYTHING, 'w-1'));
    expect(refusedIds(answer)).toEqual(['shared/endpoint', 'shared/kube-proxy-endpoint', 'w-1/endpoint', 'w-1/prove-endpoint']);
    expect(ids(answer)).toEqual(expect.arrayContaining(['shared/kubeadm-config', 'cp-3/kube-apiserver', 'cp-3/serving-certificate', 'cp-3/endpoint', 'cp-2/people-kubeconfigs']));
    expect(whyOf(answer, 'w-1/endpoint')).toBe('the machine could not be seen (it refuses the login)');
  });

  it('only at the second look: nothing is planned there by what the first has seen', () => {
    const seen = secondLook(EVERYTHING);
    const answer = repairOf(EVERYTHING, { ...seen, hosts: { ...seen.hosts, [laneId('cp-2')]: { state: 'unreachable', why: 'it refuses the login' } } });
    expect(ids(answer).filter((id) => id.startsWith('cp-2/') && !id.includes('prove'))).toEqual([]);
    expect(refusedIds(answer)).toEqual(expect.arrayContaining(['cp-2/kube-apiserver', 'cp-2/serving-certificate', ...LED]));
    expect(ids(answer)).toEqual(expect.arrayContaining(['shared/kubeadm-config', 'cp-3/kube-apiserver']));
  });
});

describe('without any API server', () => {
  const away = withoutApi(EVERYTHING);

  it('nothing is planned: each finding is refused by its code, with the reason', () => {
    const answer = repairOf(away);
    expect(ids(answer)).toEqual([]);
    expect(refusedIds(answer)).toEqual(['admin-conf-of-one-node', 'advertise-address-foreign', 'kubelet-of-one-node', 'super-admin-conf']);
    for (const { why } of answer.refused) expect(why).toBe('no API server answers (connection refused): bring one back first');
    expect(answer.byHand).toEqual([]);
  });

  it.each<readonly [which: string, audited: AuditSnapshot, why: RegExp]>([
    ['second', EVERYTHING, /^no API server answers \(connection refused\)/],
    ['first', away, /^no API server answered when the cluster was audited: run the command again$/],
  ])('at the %s look alone, nothing is planned either', (which, audited, why) => {
    const seen = secondLook(EVERYTHING);
    const answer = repairOf(audited, which === 'first' ? seen : { ...seen, cluster: unknown('connection refused') });
    expect(ids(answer)).toEqual([]);
    expect(answer.refused.length).toBeGreaterThan(0);
    for (const step of answer.refused) expect(step.why).toMatch(why);
  });

  it('the same cluster with one is mended', () => expect(ids(repairOf(EVERYTHING))).toContain('shared/endpoint'));
});
