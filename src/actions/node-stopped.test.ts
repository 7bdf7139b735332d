import { existsSync, mkdirSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeRoot } from './testing/run-compiled.ts';

// Programs are started: a busy machine takes its time.
vi.setConfig({ testTimeout: 30_000 });

const OWN = 'pid:[1]';
const NESTED = 'pid:[2]';
const SHIM = 'containerd-shim-runc-v2\0-namespace\0k8s.io\0-id\0x\0';

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

const stop = () => root.run([{ role: 'goal', action: { kind: 'node-stopped', units: ['kubelet.service'], items: [] } }]);
const callsOf = (name: string): readonly string[] =>
  root
    .calls()
    .filter((call) => call.startsWith(`${name} `))
    .map((call) => call.replace(root.path, ''));

describe('a node that is stopped', () => {
  it('loses network namespaces and mounts of its pods, and nobody else does', () => {
    const ours = [
      '/run/netns/cni-1',
      '/var/lib/kubelet/pods/x/volume',
      '/run/containerd/io.containerd.grpc.v1.cri/sandboxes/x/shm',
      '/run/containerd/io.containerd.runtime.v2.task/k8s.io/x/rootfs',
    ];
    const theirs = ['/run/netns/foreign', '/run/containerd/io.containerd.runtime.v2.task/moby/x/rootfs', '/run/containerd-theirs'];
    put('proc/self/mounts', [...ours, ...theirs].map((path) => `x ${path.startsWith('/run/containerd') ? path : root.at(path)} x rw 0 0\n`).join(''));
    for (const name of ['cni-1', 'foreign']) put(`run/netns/${name}`, '');
    expect(stop().exitCode).toBe(0);
    expect([...callsOf('umount')].sort()).toEqual(ours.map((path) => `umount ${path}`).sort());
    expect([existsSync(root.at('run/netns/cni-1')), existsSync(root.at('run/netns/foreign'))]).toEqual([false, true]);
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

  it('is counted by the containers of its own', () => {
    startAs(11, SHIM, OWN);
    startAs(12, SHIM, NESTED);
    put('state/ledger.jsonl', `${JSON.stringify({ path: '/x', what: 'module', sha256: '', existed: false, backup: '', was: '', run: 'r' })}\n`);
    expect(root.ledgerFacts().containers).toBe(1);
    rmSync(root.at('proc/11'), { recursive: true });
    expect(root.ledgerFacts().containers).toBe(0);
  });
});
