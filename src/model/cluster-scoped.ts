import type { ClusterScoped } from './scope.ts';

/**
 * The only mint for run-time data. Importable from `spec/`, `model/flag-table`, `facts/decisions/` and `rules/audit/pass-foreign` alone (the layer rules
 * enforce it): there, a value is known to be the cluster's and not one node's.
 */
export function clusterScoped<T extends string | number | boolean>(value: T): ClusterScoped<T> {
  return value as ClusterScoped<T>;
}
