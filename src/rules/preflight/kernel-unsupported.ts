import { defineMachineRule } from './preflight-rule.ts';

/** As kubeadm's own check has them (k8s.io/system-validators v1.12.1, DefaultSysSpec). */
const SUPPORTED = [/^5\.(4|10|15)(\D|$)/, /^([6-9]|[1-9]\d+)\./];

export const kernelUnsupported = defineMachineRule({
  code: 'kernel-unsupported',
  severity: 'error',
  title: 'the kernel is none that kubeadm accepts',
  why: 'kubeadm refuses the machine, after everything before it was done',
  fix: 'install a kernel 6.x, or one of 5.4, 5.10, 5.15',
  judgeMachine: ({ host: { platform } }) => {
    // With cgroup v1 that check of kubeadm is left out as a whole.
    const isChecked = platform.cgroup === 'v2';
    return !isChecked || SUPPORTED.some((form) => form.test(platform.kernel)) ? [] : [`uname -r says ${platform.kernel}`];
  },
});
