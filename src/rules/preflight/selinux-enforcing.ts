import { defineMachineRule } from './preflight-rule.ts';

const PERMISSIVE = 'setenforce 0, and SELINUX=permissive in /etc/selinux/config';

export const selinuxEnforcing = defineMachineRule({
  code: 'selinux-enforcing',
  severity: 'warning',
  grades: 'where its policy keeps HAProxy to the ports of the web it is an error',
  title: 'SELinux enforces',
  why: 'programs in /usr/local and volumes of pods have no labels of its policy, and the runtime labels no containers: the runtime or pods may be denied their files. HAProxy, the way of each node to the API, may be denied its port',
  fix: `${PERMISSIVE}, as kubeadm's documentation has it; or go on with consent: it was not tried`,
  judgeMachine: ({ ground: { isSelinuxEnforcing, isHaproxyConfined } }) => {
    if (!isSelinuxEnforcing) return [];
    const evidence = ['/sys/fs/selinux/enforce says 1'];
    if (!isHaproxyConfined) return [{ evidence }];
    return [
      {
        severity: 'error',
        title: "SELinux enforces, and keeps HAProxy from the port of the API's endpoint",
        evidence: [...evidence, 'its boolean haproxy_connect_any is off'],
        fix: `${PERMISSIVE}, as kubeadm's documentation has it; or setsebool -P haproxy_connect_any on, and go on with consent to what else it may deny`,
      },
    ];
  },
});
