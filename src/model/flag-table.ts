import { clusterScoped } from './cluster-scoped.ts';
import type { ComponentArg } from './cluster.ts';
import { flagsOfHelp, speaksOfOneMachine } from './flag-help.ts';
import type { FlagRule, FlagRules, FlagScope } from './flag-rule.ts';
import { etcdFlags } from './flag-table-etcd.ts';
import { kubeApiserverFlags } from './flag-table-kube-apiserver.ts';
import { kubeControllerManagerFlags } from './flag-table-kube-controller-manager.ts';
import { kubeProxyConfigurationFields } from './flag-table-kube-proxy-configuration.ts';
import { kubeSchedulerFlags } from './flag-table-kube-scheduler.ts';
import { kubeletConfigurationFields } from './flag-table-kubelet-configuration.ts';
import { kubeletFlags } from './flag-table-kubelet.ts';
import type { ClusterScoped } from './scope.ts';

const flags = {
  'kube-apiserver': kubeApiserverFlags,
  'kube-controller-manager': kubeControllerManagerFlags,
  'kube-scheduler': kubeSchedulerFlags,
  etcd: etcdFlags,
  kubelet: kubeletFlags,
} as const satisfies Record<string, FlagRules>;

const fields = {
  KubeletConfiguration: kubeletConfigurationFields,
  KubeProxyConfiguration: kubeProxyConfigurationFields,
} as const satisfies Record<string, FlagRules>;

/** A program whose flags the table classifies; kube-proxy has a configuration alone. */
export type Component = keyof typeof flags;
/** A configuration that all nodes share and whose fields the table classifies. */
export type ConfigurationKind = keyof typeof fields;

/** What the table says of one flag or field. */
export interface Classification extends FlagRule {
  /** As the component itself names it. */
  readonly name: string;
  /** False if nobody decided: the cluster's by default. */
  readonly listed: boolean;
}

const BY_DEFAULT: FlagRule = { scope: 'cluster', reason: 'neither its name nor its help speaks of an address, a host, a path or an identity' };

/** The name as the component reads it: no dashes before it, `_` as `-` (how Kubernetes sets up Go's pflag). */
export function flagName(written: string): string {
  return written.trim().replace(/^-+/, '').replaceAll('_', '-').toLowerCase();
}

/** To whom a flag belongs, in whatever spelling the component takes. */
export function classifyFlag(component: Component, written: string): Classification {
  const name = flagName(written);
  return { name, ...ruleOf(flags[component], name) };
}

/** To whom a field belongs: `authentication.anonymous`; what is said of a field holds for all below it. */
export function classifyField(kind: ConfigurationKind, path: string): Classification {
  const parts = path.split('.');
  const above = parts.map((_, index) => parts.slice(0, parts.length - index).join('.'));
  const listed = above.map((candidate) => ruleOf(fields[kind], candidate)).find((rule) => rule.listed);
  return { name: path, ...(listed ?? { ...BY_DEFAULT, listed: false }) };
}

/** Flags that a program has and nobody has classified although they may be one machine's own; empty is what the test wants. */
export function unclassified(component: Component, helpText: string): readonly string[] {
  return flagsOfHelp(helpText)
    .filter((flag) => !classifyFlag(component, flag.name).listed && speaksOfOneMachine(flag))
    .map(({ name }) => name);
}

/** Names that the table lists for a program, to find those that a new release no longer has. */
export function listedFlags(component: Component): readonly string[] {
  return Object.keys(flags[component]);
}

/** Fields that the table lists for a configuration. */
export function listedFields(kind: ConfigurationKind): readonly string[] {
  return Object.keys(fields[kind]);
}

function ruleOf(rules: FlagRules, name: string): FlagRule & { readonly listed: boolean } {
  const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
  return rule === undefined ? { ...BY_DEFAULT, listed: false } : { ...rule, listed: true };
}

/** A flag that may not enter shared state, and why. */
export interface RefusedArg {
  readonly arg: ComponentArg<string>;
  readonly classification: Classification & { readonly scope: Exclude<FlagScope, 'cluster'> };
}

export interface SortedArgs {
  readonly passed: readonly ComponentArg<ClusterScoped<string>>[];
  readonly refused: readonly RefusedArg[];
}

/** The passage of flags into shared state: the cluster's own come out branded, all others as refusals. */
export function sharedArgs(component: Component, args: readonly ComponentArg<string>[]): SortedArgs {
  const passed: ComponentArg<ClusterScoped<string>>[] = [];
  const refused: RefusedArg[] = [];
  for (const arg of args) {
    const { scope, ...classification } = classifyFlag(component, arg.name);
    if (scope === 'cluster') passed.push({ name: clusterScoped(arg.name), value: clusterScoped(arg.value) });
    else refused.push({ arg, classification: { ...classification, scope } });
  }
  return { passed, refused };
}
