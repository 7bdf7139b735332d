/** To whom a flag or configuration field belongs: one node, kubewright itself, or the user for the whole cluster. */
export type FlagScope = 'node' | 'managed' | 'cluster';

/** One hand-made decision of the flag table. */
export interface FlagRule {
  readonly scope: FlagScope;
  readonly reason: string;
  /** Where the value belongs instead, as an instruction; of node and managed entries. */
  readonly instead?: string;
  /** Of node entries: the key of the cluster file that kubewright sets it from, so that no user sets it anywhere. */
  readonly setFrom?: string;
  /** Of node entries: kubewright or kubeadm sets it on each node, and no user anywhere. */
  readonly isFixed?: true;
  /** The value is a path on the machine: the same text may be there on one node and missing on another. */
  readonly names?: 'file';
  /** Text that any value of the user must contain. */
  readonly mustHold?: string;
}

export type FlagRules = Readonly<Record<string, FlagRule>>;

/** A value of one node. */
export function node(reason: string, instead: string, setFrom?: string): FlagRule {
  return { scope: 'node', reason, instead, ...(setFrom !== undefined && { setFrom }) };
}

/** A value of one node that kubewright or kubeadm finds on each by itself. */
export function fixed(reason: string, instead: string): FlagRule {
  return { ...node(reason, instead), isFixed: true };
}

/** Never the user's: kubewright or kubeadm sets it, and the cluster depends on it. */
export function managed(reason: string, instead = 'remove it'): FlagRule {
  return { scope: 'managed', reason, instead };
}

/** The same on every node, although its name or help speaks of an address, a host, a path or an identity. */
export function cluster(reason: string): FlagRule {
  return { scope: 'cluster', reason };
}

/** The same path on every node. */
export function file(reason: string): FlagRule {
  return { scope: 'cluster', reason, names: 'file' };
}

/** One decision for several names. */
export function each(rule: FlagRule, names: readonly string[]): FlagRules {
  return Object.fromEntries(names.map((name) => [name, rule]));
}
