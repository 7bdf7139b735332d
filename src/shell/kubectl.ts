import { command } from './quote.ts';

const ADMIN_KUBECONFIG = '/etc/kubernetes/admin.conf';
const ETCD_PKI = '/etc/kubernetes/pki/etcd';

/** In memory: what kubectl keeps of the API's shape is nothing that a look at a host may leave on its disk. */
const CACHE_DIR = '/run/kubewright/kubectl-cache';

/** A kubectl command line for a control plane's own shell, with its admin.conf. */
export function kubectl(...words: readonly string[]): string {
  return command('kubectl', '--kubeconfig', ADMIN_KUBECONFIG, '--cache-dir', CACHE_DIR, ...words);
}

/**
 * Shell that makes every `kubectl` after it ask the API server beside it, whose address kubeadm wrote into the controller manager's kubeconfig: what one control
 * plane answers is that one's answer, and it answers before the endpoint is served there and when the proxy is not. `kubernetes` is a name in every
 * API server's certificate (kubeadm, phases/certs).
 */
export const OWN_API_SERVER = `kubectl() {
  own=$(sed -n 's/^ *server: *//p' /etc/kubernetes/controller-manager.conf 2>/dev/null | head -n 1)
  if [ -n "$own" ]; then command kubectl --server "$own" --tls-server-name kubernetes "$@"; else command kubectl "$@"; fi
}`;

/** An etcdctl command line for a control plane's own shell, to the member beside it. */
export function etcdctl(...words: readonly string[]): string {
  const pki = (name: string) => `${ETCD_PKI}/${name}`;
  return command(
    'etcdctl',
    '--endpoints=https://127.0.0.1:2379',
    `--cacert=${pki('ca.crt')}`,
    `--cert=${pki('healthcheck-client.crt')}`,
    `--key=${pki('healthcheck-client.key')}`,
    '--dial-timeout=2s',
    '--command-timeout=4s',
    ...words,
  );
}
