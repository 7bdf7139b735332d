import { existsSync, mkdirSync, readdirSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { bareHost } from '../facts/bare-host.ts';
import type { LedgerItem } from '../facts/ledger/ledger-facts.ts';
import { RUNTIME_SOCKET, TASKS_DIR } from '../shell/ledger-shell.ts';
import type { View } from '../facts/snapshot.ts';
import { known, unknown } from '../plan/fact.ts';
import { DRIFTED_EXIT } from './kind.ts';
import { kindOf } from './kinds.ts';
import type { NodeStoppedAction } from './kinds/node-stopped.ts';
import { FakeRoot } from './testing/run-compiled.ts';

// Programs are started: a busy machine takes its time.
vi.setConfig({ testTimeout: 30_000 });

const OWN = 'pid:[1]';
const NESTED = 'pid:[2]';
const SHIM = 'containerd-shim-runc-v2\0-namespace\0k8s.io\0-id\0x\0';

const RUNTIME_TREE: LedgerItem = { path: '/run/containerd', what: 'tree', existed: false, backup: '', was: '', written: [], now: '9 711 root:root', digest: '' };
const LEDGER_LINE = `${JSON.stringify({ path: '/x', what: 'module', sha256: '', existed: false, backup: '', was: '', run: 'r' })}\n`;

/** What a container is told of its network, in part. */
const sandbox = (network: string): string => JSON.stringify({ linux: { namespaces: [{ type: 'pid' }, { type: 'network', path: `/var/run/netns/${network}` }] } });

/** A socket on which somebody listens. Gives what ends it. */
function listenOn(path: string): () => void {
  const server = createServer().listen(path);
  return () => server.close();
}

let root: FakeRoot;
beforeEach(() => {
  root = new FakeRoot();
  root.hidesProcesses();
  for (const name of ['systemctl', 'umount']) root.standIn(name);
  // A process that is ended is gone, with its line in its control group.
  root.standIn('end-process', `rm -rf ${root.at('proc')}/$1; grep -rlx "$1" ${root.at('sys/fs/cgroup')} | while read -r f; do sed -i "/^$1$/d" "$f"; done`);
  root.lacks('crictl');
  put('proc/self/mounts', '');
  mkdirSync(root.at('proc/self/ns'), { recursive: true });
  symlinkSync(OWN, root.at('proc/self/ns/pid'));
});
afterEach(() => root.remove());

function put(path: string, text: string): void {
  mkdirSync(dirname(root.at(path)), { recursive: true });
  writeFileSync(root.at(path), text);
}

function startAs(pid: number, cmdline: string, namespace: string): void {
  put(`proc/${pid}/cmdline`, cmdline);
  mkdirSync(root.at(`proc/${pid}/ns`), { recursive: true });
  symlinkSync(namespace, root.at(`proc/${pid}/ns/pid`));
}

const STOP: NodeStoppedAction = { kind: 'node-stopped', units: ['kubelet.service'], items: [], others: [] };
const stop = (fields: Partial<NodeStoppedAction> = {}) => root.run([{ role: 'goal', action: { ...STOP, ...fields } }]);
const callsOf = (name: string): readonly string[] =>
  root
    .calls()
    .filter((call) => call.startsWith(`${name} `))
    .map((call) => call.replace(root.path, ''));

describe('a node that is stopped', () => {
  it('loses network namespaces and mounts of its pods, and nobody else does', () => {
    const ours = ['/run/netns/cni-1', '/var/lib/kubelet/pods/x/volume', '/run/containerd/io.containerd.grpc.v1.cri/sandboxes/x/shm', `${TASKS_DIR}/k8s.io/x/rootfs`];
    const theirs = ['/run/netns/foreign', `${TASKS_DIR}/moby/x/rootfs`, '/run/containerd-theirs'];
    const isMoved = (path: string): boolean => !path.startsWith('/run/containerd') || path.startsWith(TASKS_DIR);
    put('proc/self/mounts', [...ours, ...theirs].map((path) => `x ${isMoved(path) ? root.at(path) : path} x rw 0 0\n`).join(''));
    for (const name of ['cni-1', 'cni-12', 'foreign']) put(`run/netns/${name}`, '');
    put(`${TASKS_DIR}/k8s.io/x/config.json`, sandbox('cni-1'));
    put(`${TASKS_DIR}/moby/x/config.json`, sandbox('cni-12'));
    expect(stop().exitCode).toBe(0);
    expect([...callsOf('umount')].sort()).toEqual(ours.map((path) => `umount ${path}`).sort());
    expect(readdirSync(root.at('run/netns'))).toEqual(['cni-12', 'foreign']);
  });

  it('loses the network namespace of a pod that only the runtime knows any more, asked before the pods are removed', () => {
    for (const name of ['cni-a', 'cni-b']) put(`run/netns/${name}`, '');
    mkdirSync(dirname(root.at(RUNTIME_SOCKET)), { recursive: true });
    using _answers = { [Symbol.dispose]: listenOn(root.at(RUNTIME_SOCKET)) };
    root.standIn('crictl', `case "$3" in pods) [ -e ${root.at('removed')} ] || echo p1;; inspectp) printf '%s' '${sandbox('cni-a')}';; rmp) touch ${root.at('removed')};; esac`);
    expect(stop().exitCode).toBe(0);
    expect(readdirSync(root.at('run/netns'))).toEqual(['cni-b']);
  });

  it('ends its containers, and none of a cluster inside of a container or a lab', () => {
    startAs(11, SHIM, OWN);
    startAs(12, SHIM, NESTED);
    startAs(13, 'containerd-shim-runc-v2\0-namespace\0moby\0', OWN);
    put('sys/fs/cgroup/kubepods.slice/kubepods-burstable.slice/cgroup.procs', '21\n');
    put('sys/fs/cgroup/machine.slice/lab.scope/kubepods.slice/cgroup.procs', '22\n');
    put('sys/fs/cgroup/system.slice/docker-1.scope/kubelet.slice/kubelet-kubepods.slice/cgroup.procs', '23\n');
    expect(stop().exitCode).toBe(0);
    expect(callsOf('end-process')).toEqual(['end-process 11', 'end-process 21']);
    expect(readlinkSync(root.at('proc/12/ns/pid'))).toBe(NESTED);
  });

  it('ends containers of others that were consented to, but no process that has the number of one by chance', () => {
    startAs(11, SHIM.replace('k8s.io', 'moby'), OWN);
    startAs(12, SHIM.replace('k8s.io', 'else'), OWN);
    for (const [pid, group] of [
      [31, '0::/system.slice/docker-a1.scope\n'],
      [32, '0::/system.slice/sshd.service\n'],
    ] as const)
      put(`proc/${pid}/cgroup`, group);
    put(`${TASKS_DIR}/moby/a1/init.pid`, '31');
    put(`${TASKS_DIR}/moby/b2/init.pid`, '32');
    expect(stop({ items: [RUNTIME_TREE], others: ['moby/a1', 'moby/b2'] }).exitCode).toBe(0);
    expect(callsOf('end-process')).toEqual(['end-process 11', 'end-process 31']);
  });

  it('is not stopped where others have a container that nobody has consented to', () => {
    startAs(11, SHIM, OWN);
    put(`${TASKS_DIR}/moby/a1/init.pid`, '31');
    put(`${TASKS_DIR}/moby/new/init.pid`, '32');
    const { exitCode, output } = stop({ items: [RUNTIME_TREE], others: ['moby/a1'] });
    expect([exitCode, output]).toEqual([DRIFTED_EXIT, ['moby/new: a container of others that the plan does not have']]);
    expect(existsSync(root.at('calls'))).toBe(false);
    // Where the runtime was others' before, its directories stay, and with them what runs.
    expect(stop().exitCode).toBe(0);
    expect(callsOf('end-process')).toEqual(['end-process 11']);
  });

  it('tells the containers of others, also those that do not run', () => {
    put('state/ledger.jsonl', LEDGER_LINE);
    put(`${TASKS_DIR}/k8s.io/x/init.pid`, '1');
    put(`${TASKS_DIR}/moby/a1/init.pid`, '2');
    expect(root.ledgerFacts().others).toEqual(['moby/a1']);
    mkdirSync(dirname(root.at(RUNTIME_SOCKET)), { recursive: true });
    using _answers = { [Symbol.dispose]: listenOn(root.at(RUNTIME_SOCKET)) };
    root.standIn(
      'ctr',
      `case "$*" in 'namespaces ls -q') printf 'k8s.io\\nmoby\\nnerd\\n';; '-n moby containers ls -q') printf 'a1\\n';; '-n nerd containers ls -q') printf 'stopped\\n';; *) echo x;; esac`,
    );
    expect(root.ledgerFacts().others).toEqual(['moby/a1', 'nerd/stopped']);
  });

  it('is counted by the containers of its own', () => {
    startAs(11, SHIM, OWN);
    startAs(12, SHIM, NESTED);
    put('state/ledger.jsonl', LEDGER_LINE);
    expect(root.ledgerFacts().containers).toBe(1);
    rmSync(root.at('proc/11'), { recursive: true });
    expect(root.ledgerFacts().containers).toBe(0);
  });

  it('is foretold with all else that its ledger says: what was sent, and of which cluster it is', () => {
    const before = { items: [RUNTIME_TREE], containers: 2, others: ['moby/a1'], uploads: 3, claim: { cluster: 'demo', authority: 'd1' } };
    const view: View = { host: known({ ...bareHost('w-1'), ledger: before }), cluster: unknown('not there yet') };
    const { host } = kindOf({ ...STOP, others: ['moby/a1'] }).predict(view);
    expect(host).toMatchObject({ value: { ledger: { ...before, containers: 0, others: [] } } });
  });
});
