import type { NodeContext } from '../../model/cluster.ts';
import type { NodeFile } from './patches.ts';

/** What any machine reaches without leaving it. */
const LOOPBACK = ['localhost', '127.0.0.0/8'];

/** Beside the units' own files, so that these say the same with and without a proxy. */
export function proxyDropIn(unit: string): string {
  return `/etc/systemd/system/${unit}.d/20-kubewright-proxy.conf`;
}

/**
 * A node's way out of the network, as variables; none where the cluster has none. Of machines they name this one alone: with a list of all, each new machine would restart the runtime everywhere
 * (L21), and neither program calls another machine by its address.
 */
export function proxyVariables({ node, wide }: NodeContext): readonly (readonly [name: string, value: string])[] {
  const { proxy, network, endpoint } = wide;
  if (proxy === undefined) return [];
  const { podCIDR, serviceCIDR, dnsDomain } = network;
  const own = [...LOOPBACK, podCIDR, serviceCIDR, '.svc', `.${dnsDomain}`, endpoint.host, node.name, node.address.openFor(node.name)];
  return [
    ...(proxy.httpProxy === undefined ? [] : [['HTTP_PROXY', proxy.httpProxy] as const]),
    ...(proxy.httpsProxy === undefined ? [] : [['HTTPS_PROXY', proxy.httpsProxy] as const]),
    ['NO_PROXY', [...new Set([...own, ...proxy.noProxy])].join(',')],
  ];
}

/** A unit's way out of the network; undefined where the cluster has none. */
export function proxyFile(unit: string, context: NodeContext): NodeFile | undefined {
  const variables = proxyVariables(context);
  if (variables.length === 0) return undefined;
  return {
    path: proxyDropIn(unit),
    mode: '644',
    text: ['# Written by kubewright.', '[Service]', ...variables.map(([name, value]) => `Environment="${name}=${value}"`), ''].join('\n'),
  };
}
