import { hostOfServer, isNeutralHost } from '../../facts/audit/addresses.ts';
import { complain, defineAuditRule } from './audit-rule.ts';

const PLACES = [
  ['kube-system/calico-config', 'etcd_endpoints'],
  ['kube-system/cilium-config', 'kvstore-opt'],
] as const;
const URL = /https?:\/\/[^\s,"'}]+/g;

/** L24: a network plugin that keeps its state in etcd. */
export const pluginEtcdEndpoints = defineAuditRule({
  code: 'plugin-etcd-endpoints',
  severity: 'error',
  title: 'the network plugin asks etcd members that are not there',
  why: 'pods get no network on nodes whose plugin asks the member that is gone',
  fix: 'write the client URLs of the living members into the ConfigMap named, and restart the network plugin',
  judge: ({ cluster, members }) => {
    if (cluster === undefined || members === undefined) return [];
    const hosts = members.flatMap(({ clientURLs }) => clientURLs.map(hostOfServer));
    return PLACES.flatMap(([configMap, key]) => {
      const urls = cluster.configMaps[configMap]?.[key]?.match(URL) ?? [];
      const dead = urls.filter((url) => !hosts.includes(hostOfServer(url)) && !isNeutralHost(hostOfServer(url)));
      return complain(dead.map((url) => `ConfigMap ${configMap}, ${key} holds ${url}, where no member is`));
    });
  },
});
