import type { NodeContext } from '../../model/cluster.ts';
import type { NodeFile } from './patches.ts';

/** What any machine reaches without leaving it. */
const LOOPBACK = ['localhost', '127.0.0.0/8'];

/** Beside the units' own files, so that these say the same with and without a proxy. */
export function proxyDropIn(unit: string): string {
  return `/etc/systemd/system/${unit}.d/20-kubewright-proxy.conf`;
}

/**
 * A unit's way out of the network; undefined where the cluster has none. Of machines it names this one alone: with a list of all, each new machine would restart the runtime everywhere
 * (L21), and neither program calls another machine by its address.
 */
export function proxyFile(unit: string, { node, wide }: NodeContext): NodeFile | undefined {
  const { proxy, network, endpoint } = wide;
  if (proxy === undefined) return undefined;
  const { podCIDR, serviceCIDR, dnsDomain } = network;
  const own = [...LOOPBACK, podCIDR, serviceCIDR, '.svc', `.${dnsDomain}`, endpoint.host, node.name, node.address.openFor(node.name)];
  const variables = [
    ...(proxy.httpProxy === undefined ? [] : [['HTTP_PROXY', proxy.httpProxy]]),
    ...(proxy.httpsProxy === undefined ? [] : [['HTTPS_PROXY', proxy.httpsProxy]]),
    ['NO_PROXY', [...new Set([...own, ...proxy.noProxy])].join(',')],
  ];
  return {
    path: proxyDropIn(unit),
    mode: '644',
    text: ['# Written by kubewright.', '[Service]', ...variables.map(([name, value]) => `Environment="${name}=${value}"`), ''].join('\n'),
  };
}
