import { defineMachineRule } from './preflight-rule.ts';

export const selinuxEnforcing = defineMachineRule({
  code: 'selinux-enforcing',
  severity: 'warning',
  title: 'SELinux enforces',
  why: 'programs in /usr/local and volumes of pods have no labels of its policy: the runtime or pods are denied their files',
  fix: 'setenforce 0 and SELINUX=permissive in /etc/selinux/config, or install a policy for containers and go on with consent',
  judgeMachine: ({ ground: { isSelinuxEnforcing } }) => (isSelinuxEnforcing ? ['/sys/fs/selinux/enforce says 1'] : []),
});
