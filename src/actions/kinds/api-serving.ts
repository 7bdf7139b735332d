import { clusterKey } from '../../facts/keys.ts';
import { kubectl } from '../../shell/kubectl.ts';
import { quote } from '../../shell/quote.ts';
import type { Kind } from '../kind.ts';
import { withCluster } from '../predict.ts';

/** An API server that is ready at its own address, which is an endpoint of the service `default/kubernetes`. */
export interface ApiServingAction {
  readonly kind: 'api-serving';
  readonly node: string;
  readonly address: string;
  /** Its URL by that address. */
  readonly server: string;
}

/** It starts within seconds; a reconciler of endpoints comes every ten (kube-apiserver, controlplane/controller/kubernetesservice). */
const DEADLINE_SECONDS = 120;

const ENDPOINTS = ['-n', 'default', 'get', 'endpointslices', '-l', 'kubernetes.io/service-name=kubernetes'];

export const apiServing: Kind<ApiServingAction> = {
  words: ({ node, address }) => `wait until the API server of ${node} is ready and ${address} is an endpoint of the service kubernetes`,
  details: ({ server }) => ({ command: `${kubectl('--server', server, 'get', '--raw', '/readyz')}\n${kubectl(...ENDPOINTS)}` }),
  probes: () => [],
  progress: ({ address }, reading) => {
    const fact = reading.read(clusterKey(`${address} is an endpoint of the service kubernetes`, ({ apiEndpoints }) => apiEndpoints.includes(address), String));
    if (fact.state !== 'known') return 'unknown';
    return fact.value ? 'done' : 'absent';
  },
  script: ({ node, address, server }) => ({
    shell: [
      `ask() { ${kubectl('--request-timeout=5s')} "$@" --server ${quote(server)} 2>/dev/null; }`,
      'is_ready() { [ "$(ask get --raw /readyz)" = ok ]; }',
      `is_endpoint() { ask ${[...ENDPOINTS, '-o', 'jsonpath={range .items[*].endpoints[*]}{.addresses[0]}{"\\n"}{end}'].map(quote).join(' ')} | grep -qxF -e ${quote(address)}; }`,
      `kw_until ${DEADLINE_SECONDS} ${quote(`the API server of ${node} is ready at ${server}`)} is_ready`,
      `kw_until ${DEADLINE_SECONDS} ${quote(`${address} is an endpoint of the service kubernetes`)} is_endpoint`,
    ].join('\n'),
    inputs: [],
  }),
  predict: ({ address }, view) => withCluster(view, ({ apiEndpoints }) => ({ apiEndpoints: [...new Set([...apiEndpoints, address])].sort() })),
};
