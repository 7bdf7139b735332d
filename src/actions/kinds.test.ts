import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import type { Arbitrary } from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { ClusterFacts } from '../facts/cluster-facts.ts';
import type { HostFacts } from '../facts/host-facts.ts';
import type { View } from '../facts/snapshot.ts';
import { anyCluster, anyHost, nodeFact } from '../facts/testing/fact-arbitraries.ts';
import { readThrough, recordBasis } from '../plan/basis.ts';
import { known, unknown } from '../plan/fact.ts';
import type { Action, ActionKind } from './action.ts';
import { compileActions } from './compile.ts';
import type { Progress } from './kind.ts';
import { actionKinds, kindOf } from './kinds.ts';
import { anyAction } from './testing/any-action.ts';

// Programs are started, properties are many: a busy machine takes its time.
vi.setConfig({ testTimeout: 30_000 });

const MEANS: readonly ActionKind[] = ['endpoint-answers', 'place-secret', 'read-files', 'token-create', 'token-generate'];
const goalKinds = actionKinds.filter((kind) => !MEANS.includes(kind));
const WORKLOADS = ['kube-system/Deployment/coredns', 'kube-flannel/DaemonSet/kube-flannel-ds', 'kube-system/DaemonSet/kube-proxy'];
const RUNS = { numRuns: 40 };
const ROLLING = { annotations: {}, desired: 2, ready: 0, isRolledOut: false, podNodes: [] };
const NODES = ['cp-1', 'cp-2', 'w-1'];

const progressOf = (action: Action, view: View): Progress => kindOf(action).progress(readThrough(recordBasis(), { facts: view }));

function anyCase(kind: ActionKind): Arbitrary<{ readonly action: Action; readonly view: View }> {
  return anyAction(kind).chain((action) =>
    fc
      .record({ host: anyHost('cp-1', kindOf(action).probes()), cluster: anyCluster(NODES, WORKLOADS) })
      .map(({ host, cluster }) => ({ action, view: { host: known(hostAtItsTurn(action, host)), cluster: known(atItsTurn(action, cluster)) } })),
  );
}

/** What a plan gives back is what the ledger of the host has. */
function hostAtItsTurn(action: Action, host: HostFacts): HostFacts {
  return action.kind === 'given-back' && host.ledger !== undefined ? { ...host, ledger: { ...host.ledger, items: action.items } } : host;
}

/** Facts as the steps before an action leave them: what it waits for or sets things of is there, what a repair removes is gone. */
function atItsTurn(action: Action, cluster: ClusterFacts): ClusterFacts {
  const { nodes, workloads, etcdMembers } = cluster;
  if (action.kind === 'nodes-ready') return { ...cluster, nodes: { ...Object.fromEntries(action.nodes.map((name) => [name, nodeFact(name, { isReady: false })])), ...nodes } };
  if (action.kind === 'node-settings') return { ...cluster, nodes: { [action.node]: nodeFact(action.node), ...nodes } };
  if (action.kind === 'rolled-out' || action.kind === 'workload-restarted') return { ...cluster, workloads: { [action.workload]: ROLLING, ...workloads } };
  if (action.kind === 'kubeadm-join' && etcdMembers.state === 'known') return { ...cluster, etcdMembers: known(etcdMembers.value.filter(({ name }) => name !== action.node)) };
  return cluster;
}

describe.each(goalKinds)('%s', (kind) => {
  it('is done after what it predicts, on any facts', () => {
    fc.assert(
      fc.property(anyCase(kind), ({ action, view }) => {
        expect(progressOf(action, kindOf(action).predict(view))).toBe('done');
      }),
      RUNS,
    );
  });

  it('predicts the same of what it has done already', () => {
    fc.assert(
      fc.property(anyCase(kind), ({ action, view }) => {
        const once = kindOf(action).predict(view);
        expect(kindOf(action).predict(once)).toEqual(once);
      }),
      RUNS,
    );
  });

  it('is not done on all of these facts: what it predicts is more than what is there', () => {
    const always = fc.check(
      fc.property(anyCase(kind), ({ action, view }) => progressOf(action, view) === 'done'),
      { numRuns: 100, endOnFailure: true },
    );
    expect(always.failed).toBe(true);
  });

  it('is never done where what decides could not be seen', () => {
    const unseen: View = { host: unknown('not reached'), cluster: unknown('no API server answered') };
    fc.assert(
      fc.property(anyAction(kind), (action) => {
        expect(progressOf(action, unseen)).toBe('unknown');
      }),
      { numRuns: 20 },
    );
  });

  it('keeps unknown what it cannot know', () => {
    const unseen: View = { host: unknown('not reached'), cluster: unknown('no API server answered') };
    fc.assert(
      fc.property(anyAction(kind), (action) => {
        expect(kindOf(action).predict(unseen).host).toEqual(unseen.host);
      }),
      { numRuns: 20 },
    );
  });
});

describe.each(actionKinds)('%s', (kind) => {
  it('writes shell that parses, whatever its values', () => {
    fc.assert(
      fc.property(fc.array(anyAction(kind), { minLength: 10, maxLength: 12 }), (actions) => {
        const { script } = compileActions(actions.map((action) => ({ role: 'means', action })));
        const { status, stderr } = spawnSync('sh', ['-n'], { input: script, encoding: 'utf8' });
        expect(stderr).toBe('');
        expect(status).toBe(0);
      }),
      { numRuns: 5, endOnFailure: true },
    );
  });

  it('says in words and details nothing that exists only during a run', () => {
    fc.assert(
      fc.property(anyAction(kind), (action) => {
        const bound = kindOf(action);
        expect(bound.words()).not.toContain('\n');
        expect(JSON.stringify([bound.words(), bound.details()])).not.toContain('KW_IN');
        const slots = bound.script().inputs.filter((input) => 'slot' in input);
        for (const { shown } of slots) expect(shown).not.toBe('');
      }),
      { numRuns: 20 },
    );
  });
});
