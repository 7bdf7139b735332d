/** Where this tool keeps things on a host. */
export const STATE_DIR = '/var/lib/kubewright';
export const CONFIG_DIR = '/etc/kubewright';
export const BLOB_DIR = `${STATE_DIR}/blobs`;
export const LEDGER = `${STATE_DIR}/ledger.jsonl`;
export const BACKUP_DIR = `${STATE_DIR}/backup`;
/** What digests of secrets are made with: it never leaves the machine. */
export const SALT = `${STATE_DIR}/salt`;
/** Copies that a reset could not give back, for a person. */
export const KEPT_DIR = `${STATE_DIR}/kept`;
/**
 * There from before kubeadm begins until it has succeeded: what lies on a host beside such a mark is ours to clean. Without it, it may be a member of any
 * cluster, and nothing of ours touches it.
 */
export const INIT_MARK = `${STATE_DIR}/init-begun`;
export const JOIN_MARK = `${STATE_DIR}/join-begun`;
/** Programs by digest; what is on PATH are links into it, so that a link's target tells the digest. */
export const STORE_DIR = '/usr/local/lib/kubewright/store';
export const RECORD_INPUTS = '/usr/local/lib/kubewright/record-inputs';
/** On a tmpfs: what a unit's process was started with. */
export const INPUTS_DIR = '/run/kubewright/inputs';
/** Where the API proxy answers questions about its upstreams, root alone. */
export const API_PROXY_SOCKET = '/run/kubewright/api-proxy.sock';
