import { complain, defineAuditRule } from './audit-rule.ts';
import { componentOn, seenMachines } from './machine.ts';
import { classifyFlag } from '../../model/flag-table.ts';
import { CERTIFICATE_FLAGS, KEY_FLAGS } from '../../facts/audit/inspect-request.ts';
import { CONTROL_PLANE_PROGRAMS } from '../../facts/audit/programs.ts';

/** Flags that name certificates and keys. */
const NAME_PAIRS: ReadonlySet<string> = new Set([...CERTIFICATE_FLAGS, ...KEY_FLAGS]);

/** L12, L13, L34: paths of one operating system, or files that only one control plane was given. */
export const hostPathMissing = defineAuditRule({
  code: 'host-path-missing',
  severity: 'error',
  title: 'a component names a path that its machine does not have',
  why: 'the static pod does not start there; in extraArgs or extraVolumes of kubeadm-config the path is given to every control plane that joins, whether it has it or not',
  fix: 'put the file on every control plane, or take the flag or volume out of the manifest and of the ConfigMap kube-system/kubeadm-config',
  judge: (view) => seenMachines(view).flatMap((machine) => complain([...missingVolumes(machine), ...missingFiles(machine)], { node: machine.name })),
});

type Seen = ReturnType<typeof seenMachines>[number];

function missingVolumes({ facts }: Seen): readonly string[] {
  return facts.manifests.flatMap((manifest) =>
    manifest.type === 'pod'
      ? manifest.hostPaths
          .filter(({ path, isMade }) => !isMade && facts.files[path]?.type === 'absent')
          .map(({ path, line }) => `${manifest.path}:${line}: mounts ${path}, which does not exist`)
      : [],
  );
}

/** Files that come with a pod's own image are not on the host: only such under a path that is mounted from it count. */
function missingFiles(machine: Seen): readonly string[] {
  return CONTROL_PLANE_PROGRAMS.flatMap((name) => {
    const component = componentOn(machine, name);
    const mounted = component?.manifest?.hostPaths.map(({ path }) => path);
    return (component?.settings ?? [])
      .filter((setting) => (classifyFlag(name, setting.name).names === 'file' || NAME_PAIRS.has(setting.name)) && machine.facts.files[setting.value]?.type === 'absent')
      .filter(({ value }) => mounted === undefined || mounted.some((path) => value !== path && value.startsWith(`${path}/`)))
      .map((setting) => `${setting.where}: --${setting.name}=${setting.value} does not exist`);
  });
}
