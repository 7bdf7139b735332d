import { familyOf } from '../../catalogue/distributions.ts';
import { defineMachineRule } from './preflight-rule.ts';

/** As kubeadm's own check has them (k8s.io/system-validators v1.12.1, DefaultSysSpec). */
const NAMED = [/^5\.(4|10|15)(\D|$)/, /^([6-9]|[1-9]\d+)\./];

export const kernelUnsupported = defineMachineRule({
  code: 'kernel-unsupported',
  severity: 'warning',
  title: 'the kernel is none that kubeadm names',
  why: 'kubeadm warns of it and goes on; the runtime, kube-proxy and network plugins are tried with kernels that kernel.org maintains, and what fails on others fails while pods run',
  fix: 'install a kernel 6.x, or one of 5.4, 5.10, 5.15, or go on with consent',
  judgeMachine: ({ host: { platform } }) => {
    // With cgroup v1 that check of kubeadm is left out as a whole.
    const isChecked = platform.cgroup === 'v2';
    const isOwn = familyOf(platform)?.ownKernel?.test(platform.kernel) === true;
    return !isChecked || isOwn || NAMED.some((form) => form.test(platform.kernel)) ? [] : [`uname -r says ${platform.kernel}`];
  },
});
