import { defineMachineRule } from './preflight-rule.ts';

const NEEDED = ['cpu', 'cpuset', 'memory', 'pids'];

export const cgroupUnfit = defineMachineRule({
  code: 'cgroup-unfit',
  severity: 'error',
  grades: 'cgroup v1 is a notice: the kubelet is told to accept it',
  title: 'control groups are not as Kubernetes needs them',
  why: 'without a controller the kubelet does not start, or cannot hold a pod to its limits; cgroup v1 still works, and Kubernetes gives it up',
  fix: 'boot with cgroup v2 and all controllers: systemd.unified_cgroup_hierarchy=1, on a Raspberry Pi cgroup_enable=memory',
  judgeMachine: ({ host: { platform }, ground }) => {
    if (platform.cgroup === 'v1') return [{ severity: 'notice', title: 'the machine has cgroup v1', evidence: ['cgroup v1 is mounted'] }];
    const missing = NEEDED.filter((name) => !ground.cgroupControllers.includes(name));
    return missing.length === 0 ? [] : [`cgroup.controllers lacks ${missing.join(', ')}`];
  },
});
