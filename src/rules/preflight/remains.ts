import { defineMachineRule } from './preflight-rule.ts';

const SHOWN = 5;
const CNI = '/etc/cni/';

export const remains = defineMachineRule({
  code: 'remains',
  severity: 'error',
  grades: 'a configuration of CNI alone is a warning: Podman has one too, and pods are given it until the network plugin of the cluster is there',
  title: 'there is what another cluster left, or a node of one',
  why: 'kubeadm takes it for its own: old certificates, addresses and members of etcd come into the new cluster; and if that cluster lives, it loses a node',
  fix: 'if nothing there is needed any more: kubeadm reset, then remove /etc/kubernetes, /var/lib/etcd and /etc/cni/net.d, and restart the machine. Nothing is cleaned that is not ours',
  judgeMachine: ({ ground, host: { hasEtcdData } }) => {
    // Of a join of ours that was cut off; the next run goes on with it.
    if (ground.isPrepared) return [];
    const cluster = [...ground.remains.filter((path) => !path.startsWith(CNI)), ...(hasEtcdData ? ['/var/lib/etcd/member'] : [])];
    const cni = ground.remains.filter((path) => path.startsWith(CNI));
    if (cluster.length > 0) return [...new Set([...cluster, ...cni])].slice(0, SHOWN);
    return cni.length === 0 ? [] : [{ severity: 'warning', title: 'a configuration of CNI is there', evidence: cni.slice(0, SHOWN) }];
  },
});
