import type { ControlPlaneComponent } from '../../model/control-plane-components.ts';
import { controlPlaneComponents } from '../../model/control-plane-components.ts';
import type { ConfigurationKind } from '../../model/flag-table.ts';
import type { DocumentPath } from '../document-path.ts';
import type { PartlyClusterFile } from '../salvage.ts';
import type { ExtraArgs } from '../schema.ts';
import { placedNodes } from './check.ts';

/** Where settings stand: for all nodes, or under the one whose address is given. */
type Place = { readonly scope: 'cluster' } | { readonly scope: 'node'; readonly address: string | undefined };

/** The flags of one component in one place of the file. */
export interface PlacedArgs {
  readonly component: ControlPlaneComponent;
  readonly args: { readonly [Name in keyof ExtraArgs]?: unknown };
  readonly under: DocumentPath;
  readonly place: Place;
}

/** The fields of one configuration in one place of the file. */
export interface PlacedFields {
  readonly kind: ConfigurationKind;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly under: DocumentPath;
  readonly place: Place;
}

/** Every `extraArgs` of the file. */
export function placedArgs(file: PartlyClusterFile): readonly PlacedArgs[] {
  const { controlPlane } = file.spec ?? {};
  return controlPlaneComponents.flatMap((component): readonly PlacedArgs[] => [
    { component, args: controlPlane?.[component]?.extraArgs ?? {}, under: ['spec', 'controlPlane', component, 'extraArgs'], place: { scope: 'cluster' } },
    ...placedNodes(file).map(({ index, node }): PlacedArgs => {
      const under = ['spec', 'nodes', index, component, 'extraArgs'];
      return { component, args: node[component]?.extraArgs ?? {}, under, place: { scope: 'node', address: node.address } };
    }),
  ]);
}

/** Every `config` of the file. */
export function placedFields(file: PartlyClusterFile): readonly PlacedFields[] {
  const { kubelet, kubeProxy } = file.spec ?? {};
  const cluster = { scope: 'cluster' } as const;
  return [
    { kind: 'KubeletConfiguration', fields: kubelet?.config ?? {}, under: ['spec', 'kubelet', 'config'], place: cluster },
    { kind: 'KubeProxyConfiguration', fields: kubeProxy?.config ?? {}, under: ['spec', 'kubeProxy', 'config'], place: cluster },
    ...placedNodes(file).map(({ index, node }): PlacedFields => {
      const under = ['spec', 'nodes', index, 'kubelet', 'config'];
      return { kind: 'KubeletConfiguration', fields: node.kubelet?.config ?? {}, under, place: { scope: 'node', address: node.address } };
    }),
  ];
}
