import { clusterScoped } from './cluster-scoped.ts';
import type { ComponentArg } from './cluster.ts';
import type { FlagRule, FlagRules, FlagScope } from './flag-rule.ts';
import { kubeApiserverFlags } from './flag-table-kube-apiserver.ts';
import type { ClusterScoped } from './scope.ts';

export const components = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'etcd', 'kubelet'] as const;
/** A program whose flags the table classifies. kube-proxy is configured by fields alone. */
export type Component = (typeof components)[number];

/** What the table says of one flag or field. */
export interface Classification extends FlagRule {
  readonly name: string;
  /** False if nobody decided: the cluster's by default. */
  readonly listed: boolean;
}

const flags: Readonly<Record<Component, FlagRules>> = {
  'kube-apiserver': kubeApiserverFlags,
  'kube-controller-manager': {},
  'kube-scheduler': {},
  etcd: {},
  kubelet: {},
};

const BY_DEFAULT = { scope: 'cluster', reason: 'neither its name nor its help speaks of an address, a host, a path or an identity' } as const satisfies FlagRule;

/** The name as the component itself reads it: without dashes before it, `_` as `-` (Go's pflag as Kubernetes sets it up). */
export function flagName(written: string): string {
  return written.trim().replace(/^-+/, '').replaceAll('_', '-').toLowerCase();
}

/** To whom a flag belongs, in whatever spelling the component takes. */
export function classifyFlag(component: Component, written: string): Classification {
  const name = flagName(written);
  return classify(flags[component], name);
}

function classify(rules: FlagRules, name: string): Classification {
  const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
  return { name, ...(rule ?? BY_DEFAULT), listed: rule !== undefined };
}

/** A flag that may not enter shared state, and why. */
export interface RefusedArg {
  readonly arg: ComponentArg<string>;
  readonly classification: Classification & { readonly scope: Exclude<FlagScope, 'cluster'> };
}

/** The passage into shared state: flags of the cluster come out branded, all others as refusals. */
export function sharedArgs(component: Component, args: readonly ComponentArg<string>[]): { readonly passed: readonly ComponentArg<ClusterScoped<string>>[]; readonly refused: readonly RefusedArg[] } {
  const passed: ComponentArg<ClusterScoped<string>>[] = [];
  const refused: RefusedArg[] = [];
  for (const arg of args) {
    const classification = classifyFlag(component, arg.name);
    const { scope } = classification;
    if (scope === 'cluster') passed.push({ name: clusterScoped(arg.name), value: clusterScoped(arg.value) });
    else refused.push({ arg, classification: { ...classification, scope } });
  }
  return { passed, refused };
}
