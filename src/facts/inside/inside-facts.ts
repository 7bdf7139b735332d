import type { Fact } from '../../plan/fact.ts';

/** A pod that answers on its own address. */
export interface PodFact {
  readonly node: string;
  readonly name: string;
  /** Empty until it runs. */
  readonly address: string;
  readonly isReady: boolean;
}

/** What the probe pod of a node was asked to do. */
export type InsideQuestion =
  /** To reach the API by the name of its service, through the pod's own resolver. */
  | { readonly ask: 'name' }
  /** To reach the API by the ClusterIP of its service. */
  | { readonly ask: 'service' }
  /** To have that name resolved by one CoreDNS pod. */
  | { readonly ask: 'dns'; readonly pod: string; readonly podNode: string }
  /** To be answered by the probe pod of another node. */
  | { readonly ask: 'peer'; readonly node: string };

export interface InsideAnswer {
  /** Node of the pod that asked. */
  readonly node: string;
  readonly question: InsideQuestion;
  readonly isRight: boolean;
  /** What came back. */
  readonly detail: string;
}

export interface MetricsFact {
  /** Nodes with figures. */
  readonly nodes: readonly string[];
  /** What kubectl complained of; empty when it did not. */
  readonly complaint: string;
}

/** The cluster as seen from pods on its nodes. */
export interface InsideFacts {
  readonly probePods: readonly PodFact[];
  readonly dnsPods: readonly PodFact[];
  /** Unknown where a node's probe pod could not be spoken to; by node. */
  readonly answers: Readonly<Record<string, Fact<readonly InsideAnswer[]>>>;
  /** What `kubectl top nodes` showed; unknown where it was not asked. */
  readonly metrics: Fact<MetricsFact>;
}
