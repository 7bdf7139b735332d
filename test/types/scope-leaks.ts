/**
 * The ways in which one node's value could get into shared state, each of which must not compile. Every case is a comment
 * `leak: NAME` and one statement below it; `scope-leaks.test.ts` compiles them without the expectation and lists them by name.
 * Cases named `fine:` are the same documents as they should be written.
 */
import { configMapEntry } from '../../src/actions/kinds/config-map-entry.ts';
import type { ClusterFacts } from '../../src/facts/cluster-facts.ts';
import type { ComponentArg, ControlPlanePeer, SharedSetting, SharedSettings } from '../../src/model/cluster.ts';
import type { Foreign } from '../../src/model/foreign.ts';
import type { Membership } from '../../src/model/membership.ts';
import type { ClusterScoped, NodeName, NodeScoped, Shared } from '../../src/model/scope.ts';
import { constant, sharedDocument, text } from '../../src/model/scope.ts';
import type { AuditView } from '../../src/rules/audit/audit-view.ts';
import { passForeign } from '../../src/rules/audit/pass-foreign.ts';

interface ClusterConfiguration {
  controlPlaneEndpoint: string;
  apiServer: { certSANs: string[] };
}
interface KubeletConfiguration {
  failSwapOn?: boolean;
  maxPods?: number;
  cgroupDriver?: 'systemd' | 'cgroupfs';
}
interface ConfigMap {
  data: { [key: string]: string };
}

declare const scoped: ClusterScoped<string>;
declare const node: { readonly name: NodeName; readonly address: NodeScoped<string>; readonly labels: NodeScoped<Record<string, string>> };
declare const swapIsOn: boolean;
declare const processors: number;
declare const members: Membership<ControlPlanePeer>;
declare const found: unknown;
declare const observed: ClusterFacts;
declare const foreignText: Foreign;
declare const view: AuditView;
declare const kept: Parameters<typeof configMapEntry>[1];
const opened = node.address.openFor(node.name);
const rest = { certSANs: [] } satisfies Shared<ClusterConfiguration['apiServer']>;

// fine: a document of constants and scoped values
export const fine1 = {
  controlPlaneEndpoint: text`api.${scoped}.kubewright.internal:${constant(7443)}`,
  apiServer: { certSANs: [constant('localhost')] },
} satisfies Shared<ClusterConfiguration>;

// fine: literal unions and constants
export const fine2 = { failSwapOn: constant(true), maxPods: constant(110), cgroupDriver: 'systemd' } satisfies Shared<KubeletConfiguration>;

// fine: an open map as entries
export const fine3 = { data: [[constant('Corefile'), text`${scoped}`]] } satisfies Shared<ConfigMap>;

// fine: a tree of settings
export const fine4: SharedSettings = { entries: [[constant('evictionHard'), { entries: [[constant('memory.available'), constant('5%')]] }]] };

// fine: a flag
export const fine5: ComponentArg<ClusterScoped<string>> = { name: constant('event-ttl'), value: scoped };

// fine: a document without a type of its own
export const fine6 = sharedDocument({
  kind: 'ClusterConfiguration',
  controlPlaneEndpoint: text`${scoped}:${constant(7443)}`,
  networking: { dnsDomain: scoped },
  certSANs: [scoped],
  conntrack: { min: 0 },
});

// leak: an opened value
// @ts-expect-error
export const leak1 = { controlPlaneEndpoint: opened, apiServer: rest } satisfies Shared<ClusterConfiguration>;

// leak: a value opened in place
// @ts-expect-error
export const leak2 = { controlPlaneEndpoint: node.address.openFor(node.name), apiServer: rest } satisfies Shared<ClusterConfiguration>;

// leak: the box itself
// @ts-expect-error
export const leak3 = { controlPlaneEndpoint: node.address, apiServer: rest } satisfies Shared<ClusterConfiguration>;

// leak: a template string
// @ts-expect-error
export const leak4 = { controlPlaneEndpoint: `${opened}:6443`, apiServer: rest } satisfies Shared<ClusterConfiguration>;

// leak: a template string of scoped values, which any other value could join
// @ts-expect-error
export const leak5 = { controlPlaneEndpoint: `${scoped}:6443`, apiServer: rest } satisfies Shared<ClusterConfiguration>;

// leak: concatenation by plus
// @ts-expect-error
export const leak6 = { controlPlaneEndpoint: scoped + opened, apiServer: rest } satisfies Shared<ClusterConfiguration>;

// leak: concat
// @ts-expect-error
export const leak7 = { controlPlaneEndpoint: scoped.concat(opened), apiServer: rest } satisfies Shared<ClusterConfiguration>;

// leak: replace within a scoped value
// @ts-expect-error
export const leak8 = { controlPlaneEndpoint: scoped.replace('demo', opened), apiServer: rest } satisfies Shared<ClusterConfiguration>;

// leak: join
// @ts-expect-error
export const leak9 = { controlPlaneEndpoint: [scoped, opened].join(':'), apiServer: rest } satisfies Shared<ClusterConfiguration>;

// leak: String()
// @ts-expect-error
export const leak10 = { controlPlaneEndpoint: String(node.address), apiServer: rest } satisfies Shared<ClusterConfiguration>;

// leak: JSON.stringify
// @ts-expect-error
export const leak11 = { controlPlaneEndpoint: JSON.stringify(node), apiServer: rest } satisfies Shared<ClusterConfiguration>;

// leak: our own template function with an opened value
// @ts-expect-error
export const leak12 = { controlPlaneEndpoint: text`${opened}:${constant(6443)}`, apiServer: rest } satisfies Shared<ClusterConfiguration>;

// leak: our own template function with a node name
// @ts-expect-error
export const leak13 = { controlPlaneEndpoint: text`${node.name}.example.com`, apiServer: rest } satisfies Shared<ClusterConfiguration>;

// leak: our own template function with the box
// @ts-expect-error
export const leak14 = { controlPlaneEndpoint: text`${node.address}`, apiServer: rest } satisfies Shared<ClusterConfiguration>;

// leak: a node name
// @ts-expect-error
export const leak15 = { controlPlaneEndpoint: node.name, apiServer: rest } satisfies Shared<ClusterConfiguration>;

// leak: a node name as a constant
// @ts-expect-error
export const leak16 = { controlPlaneEndpoint: constant(node.name), apiServer: rest } satisfies Shared<ClusterConfiguration>;

// leak: an opened value as a constant
// @ts-expect-error
export const leak17 = { controlPlaneEndpoint: constant(opened), apiServer: rest } satisfies Shared<ClusterConfiguration>;

// leak: one of two by a condition
// @ts-expect-error
export const leak18 = { controlPlaneEndpoint: swapIsOn ? opened : scoped, apiServer: rest } satisfies Shared<ClusterConfiguration>;

// leak: a default by ??
// @ts-expect-error
export const leak19 = { controlPlaneEndpoint: node.labels.openFor(node.name)['zone'] ?? scoped, apiServer: rest } satisfies Shared<ClusterConfiguration>;

// leak: in an array
// @ts-expect-error
export const leak20 = { controlPlaneEndpoint: scoped, apiServer: { certSANs: [scoped, opened] } } satisfies Shared<ClusterConfiguration>;

// leak: an array spread into an array
// @ts-expect-error
export const leak21 = { controlPlaneEndpoint: scoped, apiServer: { certSANs: [...[scoped], ...[opened]] } } satisfies Shared<ClusterConfiguration>;

// leak: an object spread
// @ts-expect-error
export const leak22 = { ...fine1, ...{ controlPlaneEndpoint: opened } } satisfies Shared<ClusterConfiguration>;

// leak: an array by map
// @ts-expect-error
export const leak23 = { controlPlaneEndpoint: scoped, apiServer: { certSANs: [scoped].map((san) => `${san}.${opened}`) } } satisfies Shared<ClusterConfiguration>;

// leak: the addresses of all control planes
// @ts-expect-error
export const leak24 = { controlPlaneEndpoint: scoped, apiServer: { certSANs: members.members.map((member) => member.address) } } satisfies Shared<ClusterConfiguration>;

// leak: the first control plane's name
// @ts-expect-error
export const leak25 = { controlPlaneEndpoint: members.members[0]?.name ?? scoped, apiServer: rest } satisfies Shared<ClusterConfiguration>;

// leak: the value of a flag
// @ts-expect-error
export const leak26 = [{ name: constant('advertise-address'), value: opened }] satisfies Shared<{ name: string; value: string }[]>;

// leak: the value of a flag of the cluster
// @ts-expect-error
export const leak27: ComponentArg<ClusterScoped<string>> = { name: constant('advertise-address'), value: opened };

// leak: the flags of a node as flags of the cluster
// @ts-expect-error
export const leak28: readonly ComponentArg<ClusterScoped<string>>[] = [{ name: 'v', value: '4' }] as readonly ComponentArg<string>[];

// leak: a boolean of one host
// @ts-expect-error
export const leak29 = { failSwapOn: swapIsOn } satisfies Shared<KubeletConfiguration>;

// leak: a boolean of one host, negated
// @ts-expect-error
export const leak30 = { failSwapOn: !swapIsOn } satisfies Shared<KubeletConfiguration>;

// leak: a boolean of one host as a constant
// @ts-expect-error
export const leak31 = { failSwapOn: constant(swapIsOn) } satisfies Shared<KubeletConfiguration>;

// leak: a number of one host
// @ts-expect-error
export const leak32 = { maxPods: processors * 10 } satisfies Shared<KubeletConfiguration>;

// leak: a number of one host as a constant
// @ts-expect-error
export const leak33 = { maxPods: constant(processors) } satisfies Shared<KubeletConfiguration>;

// leak: arithmetic with a scoped number
// @ts-expect-error
export const leak34 = { maxPods: constant(100) + processors } satisfies Shared<KubeletConfiguration>;

// leak: a key of a map
// @ts-expect-error
export const leak35 = { data: [[opened, constant('x')]] } satisfies Shared<ConfigMap>;

// leak: a value of a map
// @ts-expect-error
export const leak36 = { data: [[constant('server'), opened]] } satisfies Shared<ConfigMap>;

// leak: an open map instead of entries
// @ts-expect-error
export const leak37 = { data: { [opened]: constant('x') } } satisfies Shared<ConfigMap>;

// leak: entries of an object
// @ts-expect-error
export const leak38 = { data: Object.entries(node.labels.openFor(node.name)) } satisfies Shared<ConfigMap>;

// leak: an unknown document
// @ts-expect-error
export const leak39 = { anything: { address: opened } } satisfies Shared<{ anything: unknown }>;

// leak: what was read back from a cluster
// @ts-expect-error
export const leak40 = found satisfies Shared<ConfigMap>;

// leak: an index signature of anything
// @ts-expect-error
export const leak41 = { anything: { address: opened } } satisfies Shared<{ [key: string]: unknown }>;

// leak: an opened value among settings
// @ts-expect-error
export const leak42: SharedSetting = opened;

// leak: a boolean of one host among settings
// @ts-expect-error
export const leak43: SharedSettings = { entries: [[constant('failSwapOn'), swapIsOn]] };

// leak: a node name as the key of a setting
// @ts-expect-error
export const leak44: SharedSettings = { entries: [[node.name, constant(1)]] };

// leak: the box among settings
// @ts-expect-error
export const leak45: SharedSetting = node.address;

// leak: an opened value in a document without a type of its own
// @ts-expect-error
export const leak46 = sharedDocument({ controlPlaneEndpoint: opened });

// leak: the box in a document without a type of its own
// @ts-expect-error
export const leak47 = sharedDocument({ controlPlaneEndpoint: node.address });

// leak: a node name in a document without a type of its own
// @ts-expect-error
export const leak48 = sharedDocument({ metadata: { name: node.name } });

// leak: a template string in a document without a type of its own
// @ts-expect-error
export const leak49 = sharedDocument({ controlPlaneEndpoint: `${node.name}:6443` });

// leak: a boolean of one host in a document without a type of its own
// @ts-expect-error
export const leak50 = sharedDocument({ failSwapOn: swapIsOn });

// leak: a number of one host in a document without a type of its own
// @ts-expect-error
export const leak51 = sharedDocument({ conntrack: { min: processors } });

// leak: in an array of a document without a type of its own
// @ts-expect-error
export const leak52 = sharedDocument({ certSANs: [scoped, opened] });

// leak: an open map in a document without a type of its own
// @ts-expect-error
export const leak53 = sharedDocument({ labels: node.labels.openFor(node.name) });

// leak: what was read back, in a document without a type of its own
// @ts-expect-error
export const leak54 = sharedDocument({ data: found });

// leak: the members in a document without a type of its own
// @ts-expect-error
export const leak55 = sharedDocument({ upstreams: members.members });

// leak: spread into a document without a type of its own
// @ts-expect-error
export const leak56 = sharedDocument({ ...{ server: opened }, kind: 'Config' });

// leak: a whole node
// @ts-expect-error
export const leak57 = sharedDocument({ node });

// leak: a function that would be serialised later
// @ts-expect-error
export const leak58 = sharedDocument({ toJSON: () => opened });

// leak: an entry of a ConfigMap as a cluster has it
// @ts-expect-error
export const leak59 = sharedDocument({ kind: 'ConfigMap', data: { ClusterConfiguration: observed.configMaps['kube-system/kubeadm-config']?.['ClusterConfiguration'] ?? '' } });

// leak: all entries of a ConfigMap as a cluster has it
// @ts-expect-error
export const leak60 = sharedDocument({ kind: 'ConfigMap', ...{ data: observed.configMaps['kube-system/kubelet-config'] } });

// leak: a label that a cluster has
// @ts-expect-error
export const leak61 = sharedDocument({ nodeSelector: { disk: observed.nodes['w-1']?.labels['disk'] } });

// leak: an address by which a cluster is reached
// @ts-expect-error
export const leak62 = { controlPlaneEndpoint: observed.apiEndpoints[0] ?? scoped, apiServer: rest } satisfies Shared<ClusterConfiguration>;

// fine: an entry of a ConfigMap of scoped text, in the place of what was observed
export const fine7 = configMapEntry({ configMap: 'kube-system/kube-proxy', key: 'config.conf', was: foreignText, text: text`mode: ${scoped}` }, kept);

// leak: an observed text as an entry of a ConfigMap
// @ts-expect-error
export const leak63 = configMapEntry({ configMap: 'kube-system/kube-proxy', key: 'config.conf', was: foreignText, text: foreignText }, kept);

// leak: an observed text with something changed as an entry of a ConfigMap
// @ts-expect-error
export const leak64 = configMapEntry({ configMap: 'kube-system/kube-proxy', key: 'config.conf', was: foreignText, text: foreignText.replace('a', 'b') }, kept);

// leak: an observed text within scoped text
// @ts-expect-error
export const leak65 = configMapEntry({ configMap: 'kube-system/kube-proxy', key: 'config.conf', was: foreignText, text: text`${foreignText}` }, kept);

// leak: an observed text in a shared document
// @ts-expect-error
export const leak66 = sharedDocument({ kind: 'ConfigMap', data: { config: foreignText } });

// leak: an observed text as an extra argument of all control planes
// @ts-expect-error
export const leak67: ComponentArg<ClusterScoped<string>> = { name: constant('etcd-servers'), value: foreignText };

// leak: the refusal of the flag table
// @ts-expect-error
export const leak68: ClusterScoped<string> = passForeign(view, { configMap: 'kube-system/kube-proxy', key: 'config.conf' }, foreignText).text;
