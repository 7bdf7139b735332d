import { complain, defineAuditRule } from './audit-rule.ts';
import { seenMachines } from './machine.ts';
import { KUBELET, valueAt } from './shared-documents.ts';

/** The same harm as `shared-resolver`, where only the machine's own configuration is wrong. */
export const kubeletResolverMissing = defineAuditRule({
  code: 'kubelet-resolver-missing',
  severity: 'error',
  title: 'a kubelet uses a resolver file that its machine does not have',
  why: 'the kubelet cannot make pods that need names from outside the cluster: they stay in ContainerCreating',
  fix: "set resolvConf in the kubelet's configuration named to a file that exists, and restart the kubelet",
  judge: (view) => {
    const shared = valueAt(view, KUBELET, 'resolvConf')?.value;
    return seenMachines(view).flatMap(({ name, facts }) => {
      const { kubeletConfig, files } = facts;
      const field = kubeletConfig.state === 'known' ? kubeletConfig.value.fields['resolvConf'] : undefined;
      if (field === undefined || kubeletConfig.state !== 'known' || files[field.text]?.type !== 'absent' || (field.text === shared && shared.startsWith('/run/systemd/')))
        return [];
      return complain([`${kubeletConfig.value.path}:${field.line}: resolvConf is ${field.text}, which does not exist`], { node: name });
    });
  },
});
