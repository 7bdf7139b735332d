import { command } from './quote.ts';

const ADMIN_KUBECONFIG = '/etc/kubernetes/admin.conf';
const ETCD_PKI = '/etc/kubernetes/pki/etcd';

/** In memory: what kubectl keeps of the API's shape is nothing that a look at a host may leave on its disk. */
const CACHE_DIR = '/run/kubewright/kubectl-cache';

/** A kubectl command line for a control plane's own shell, with its admin.conf. */
export function kubectl(...words: readonly string[]): string {
  return command('kubectl', '--kubeconfig', ADMIN_KUBECONFIG, '--cache-dir', CACHE_DIR, ...words);
}

/** An etcdctl command line for a control plane's own shell, to the member beside it. */
export function etcdctl(...words: readonly string[]): string {
  const pki = (name: string) => `${ETCD_PKI}/${name}`;
  return command('etcdctl', '--endpoints=https://127.0.0.1:2379', `--cacert=${pki('ca.crt')}`, `--cert=${pki('healthcheck-client.crt')}`, `--key=${pki('healthcheck-client.key')}`, '--dial-timeout=2s', '--command-timeout=4s', ...words);
}
