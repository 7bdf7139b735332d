/**
 * Two replicas never share a node: the second waits for another node rather than sit beside the first, so that nothing has to be moved once
 * all nodes are there. Nodes that a pod could not run on anyway (a dead one, tainted by the node controller) do not count; replicas of an older
 * template do not count either. A cluster of one node has both on it.
 */
export function spreadOverNodes<const L extends object>(labels: L, isSingleNode: boolean) {
  const constraint = {
    maxSkew: 1,
    topologyKey: 'kubernetes.io/hostname',
    whenUnsatisfiable: 'DoNotSchedule',
    nodeTaintsPolicy: 'Honor',
    matchLabelKeys: ['pod-template-hash'],
    labelSelector: { matchLabels: labels },
  } as const;
  return isSingleNode ? constraint : ({ ...constraint, minDomains: 2 } as const);
}
