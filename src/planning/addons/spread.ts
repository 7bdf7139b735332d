/**
 * Two replicas never share a node while another one can take them. Nodes that a pod could not run on anyway (a dead one, tainted by the node
 * controller) do not count, so that a replica is never kept waiting for them; replicas of an older template do not count either.
 */
export function spreadOverNodes<const L extends object>(labels: L) {
  return {
    maxSkew: 1,
    topologyKey: 'kubernetes.io/hostname',
    whenUnsatisfiable: 'DoNotSchedule',
    nodeTaintsPolicy: 'Honor',
    matchLabelKeys: ['pod-template-hash'],
    labelSelector: { matchLabels: labels },
  } as const;
}
