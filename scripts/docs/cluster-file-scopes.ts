import { CONTROL_PLANE_PROGRAMS, controlPlaneComponents } from '../../src/model/control-plane-components.ts';
import type { ControlPlaneComponent } from '../../src/model/control-plane-components.ts';
import type { Classification, ConfigurationKind } from '../../src/model/flag-table.ts';
import { classifyField, classifyFlag, listedFields, listedFlags } from '../../src/model/flag-table.ts';
import { markdownTable } from './markdown-table.ts';

const SCOPES = `kubeadm keeps the settings of each component in one place and gives them to every node that joins. So a setting stands in one of two scopes, and in the other it is refused. For the flags of what
runs on control planes, \`spec.controlPlane.COMPONENT.extraArgs\` is for the whole cluster, \`spec.nodes[].COMPONENT.extraArgs\` for that node alone; COMPONENT is \`apiServer\`, \`controllerManager\`, \`scheduler\` or
\`etcd\`. For kubelets it is \`spec.kubelet.config\` and \`spec.nodes[].kubelet.config\`; there a node may also have a value of its own in the place of the cluster's. kube-proxy has one configuration for all nodes,
\`spec.kubeProxy.config\`. What is in none of the lists below belongs to the cluster. Settings reach a node when it joins; a change for a node that has joined is refused.`;

/** The sections of `docs/cluster-file.md` that say which flags and fields may stand where. */
export function settingScopes(): string {
  return [
    `## Flags and fields\n\n${SCOPES}`,
    ...controlPlaneComponents.map((component) => `### ${CONTROL_PLANE_PROGRAMS[component]}\n\n${listsOf(flagsOf(component))}`),
    `### Fields of KubeletConfiguration\n\n${listsOf(fieldsOf('KubeletConfiguration'))}`,
    `### Fields of KubeProxyConfiguration\n\n${listsOf(fieldsOf('KubeProxyConfiguration'))}`,
  ].join('\n\n');
}

const flagsOf = (component: ControlPlaneComponent): readonly Classification[] => {
  const program = CONTROL_PLANE_PROGRAMS[component];
  return listedFlags(program).map((name) => classifyFlag(program, name));
};

const fieldsOf = (kind: ConfigurationKind): readonly Classification[] => listedFields(kind).map((name) => classifyField(kind, name));

/** What is found on each node by itself is nobody's to set: it is listed with those that are managed. */
function isSettable({ scope, setFrom, isFixed, names }: Classification): boolean {
  return scope === 'node' && setFrom === undefined && isFixed !== true && names !== 'file';
}

function listsOf(settings: readonly Classification[]): string {
  const own = settings.filter(isSettable);
  const demanding = settings.filter(({ mustHold }) => mustHold !== undefined);
  const files = settings.filter(({ names }) => names === 'file');
  const managed = settings.filter((setting) => setting.scope !== 'cluster' && !isSettable(setting) && setting.names !== 'file');
  return [
    ...(own.length > 0 ? [`Of one node:\n\n${table(own)}`] : []),
    ...(demanding.length > 0 ? [`With something that they must hold:\n\n${demands(demanding)}`] : []),
    ...(managed.length > 0 ? [`Set by kubewright or kubeadm, and refused in both scopes:\n\n${table(managed)}`] : []),
    ...(files.length > 0
      ? [
          `Refused since they name a file, and this version places no file of yours (the value \`-\`, standard output, is taken): ${files.map(({ name }) => `\`${name}\``).join(', ')}.`,
        ]
      : []),
  ].join('\n\n');
}

function table(settings: readonly Classification[]): string {
  const rows = settings.map(({ name, reason, setFrom }) => [`\`${name}\``, setFrom === undefined ? reason : `${reason}; it follows from \`${setFrom}\``]);
  return markdownTable(['name', 'why'], rows);
}

function demands(settings: readonly Classification[]): string {
  return markdownTable(
    ['name', 'must hold', 'why'],
    settings.map(({ name, mustHold, reason }) => [`\`${name}\``, `\`${mustHold}\``, reason]),
  );
}
