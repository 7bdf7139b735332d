import type { Fact } from '../../plan/fact.ts';

/** What one host got when it asked one control plane for `/readyz` by its own address, verified by the cluster's CA and name. */
export interface ApiAnswer {
  readonly isReady: boolean;
  /** HTTP status and body, or why there was none. */
  readonly detail: string;
}

/** One upstream as the API proxy of a host sees it. */
export interface UpstreamFact {
  /** Name of the control plane's node. */
  readonly name: string;
  /** HAProxy's own words: `UP`, `DOWN 1/2`, `MAINT`, ... */
  readonly status: string;
  /** Result of the last check: `L7OK`, `L4TOUT`, `INI` before the first. */
  readonly check: string;
}

export type ProxyFact = { readonly answers: true; readonly upstreams: readonly UpstreamFact[] } | { readonly answers: false; readonly why: string };

/** What a host reaches of the cluster's API, by its own programs. */
export interface ReachFacts {
  /** By the control plane's node name. */
  readonly apis: Readonly<Record<string, Fact<ApiAnswer>>>;
  readonly proxy: Fact<ProxyFact>;
}
