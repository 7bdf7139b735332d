import { complain, defineAuditRule } from './audit-rule.ts';

const COREDNS = /coredns|kube-dns/;

export const corednsOnOneNode = defineAuditRule({
  code: 'coredns-on-one-node',
  severity: 'warning',
  title: "the cluster's DNS hangs on one machine",
  why: 'when that machine is lost, no name is resolved in the whole cluster until its pods have been made again elsewhere: five minutes and more by default',
  fix: 'kubectl -n kube-system rollout restart deployment NAME places the pods anew once two nodes are Ready; with one replica, scale it to two first',
  isMended: true,
  grades: 'an error where no pod is ready',
  judge: ({ cluster }) => {
    if (cluster === undefined || Object.keys(cluster.nodes).length < 2) return [];
    return Object.entries(cluster.workloads).flatMap(([name, { labels, podNodes, desired, ready }]) => {
      if (!name.includes('/Deployment/') || !(COREDNS.test(name) || labels['k8s-app'] === 'kube-dns') || /autoscaler/.test(name)) return [];
      const hosts = [...new Set(podNodes)].filter((node) => node in cluster.nodes);
      if (ready === 0) return complain([`${name}: 0 of ${desired} pods are ready`], { severity: 'error' });
      if (hosts.length > 1) return [];
      const evidence = [`${name}: ${podNodes.length === 1 ? 'its one pod runs' : `all ${podNodes.length} pods run`} on ${hosts.join(', ') || 'no node'}`];
      // Started anew where there is no second pod, or no second place for it, it would only be away for a while.
      const canSpread = desired > 1 && Object.values(cluster.nodes).filter(({ isReady }) => isReady).length > 1;
      return complain(evidence, canSpread ? { repair: { kind: 'restart-workload', workload: name } } : {});
    });
  },
});
