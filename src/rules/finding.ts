export type Severity = 'error' | 'warning' | 'notice';

/** One thing that does not hold, with what a person needs to judge and mend it. */
export interface Finding {
  /** Stable, such as `etcd-member-missing`. */
  readonly code: string;
  readonly severity: Severity;
  readonly node?: string;
  readonly title: string;
  /** What was seen: file and line, or object and field, with the values side by side. */
  readonly evidence: readonly string[];
  /** What breaks, and when. */
  readonly why: string;
  /** What to do. */
  readonly fix: string;
}

/** Something that a check needs and that could not be seen: never a pass. */
export interface Unseen {
  readonly node?: string;
  readonly what: string;
  readonly why: string;
}

export interface RuleResult {
  readonly findings: readonly Finding[];
  readonly unknown: readonly Unseen[];
}
