import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SUDO_USER } from './sudo-users.ts';
import type { Machine } from './test-lab.ts';
import { SHARED_LAB, writeClusterFile } from './test-lab.ts';

const PASSWORD_FILE = 'registry-password';
export const PROXY = 'http://10.88.220.1:9';
export const REGISTRY = 'registry.kwtest.invalid';
export const REGISTRY_USER = 'nodes';

/** The control plane and the worker with settings of their own. */
export const SET_APART = { controlPlane: 'cp-2', worker: 'w-1' } as const;
/** The machine on which nobody logs in as root. */
export const BY_SUDO = 'cp-3';
export const OWN_MAX_PODS = 120;

/** For all nodes: something of every kind of setting. Nobody answers at the proxy: who went through it for the cluster's own would not get there. */
const FOR_ALL = {
  controlPlane: {
    controllerManager: { extraArgs: { 'terminated-pod-gc-threshold': 1000 } },
    scheduler: { extraArgs: { 'kube-api-qps': 60 } },
    etcd: { extraArgs: { 'quota-backend-bytes': 4_294_967_296 } },
  },
  kubeProxy: { config: { iptables: { localhostNodePorts: false } } },
  proxy: { httpProxy: PROXY, httpsProxy: PROXY, noProxy: [] },
  registries: {
    'docker.io': { mirrors: [`https://${REGISTRY}/v2/docker.io`] },
    [REGISTRY]: { credentials: { username: REGISTRY_USER, password: { fromFile: PASSWORD_FILE } } },
  },
};

const ownSettings = (address: string): object => ({
  controllerManager: { extraArgs: { 'bind-address': '0.0.0.0' } },
  scheduler: { extraArgs: { 'bind-address': address } },
  etcd: { extraArgs: { 'listen-metrics-urls': `http://127.0.0.1:2381,http://${address}:2381` } },
});

/** Writes the shared cluster's file, and beside it, once, the password that it names. */
export async function writeSharedClusterFile(path: string, machines: readonly Machine[]): Promise<void> {
  const password = join(dirname(path), PASSWORD_FILE);
  if (!existsSync(password)) writeFileSync(password, `${randomBytes(24).toString('hex')}\n`, { mode: 0o600 });
  const address = machines.find(({ name }) => name === SET_APART.controlPlane)?.address ?? '';
  const ofNode = {
    [SET_APART.controlPlane]: ownSettings(address),
    [SET_APART.worker]: { kubelet: { config: { maxPods: OWN_MAX_PODS } } },
    [BY_SUDO]: { ssh: { user: SUDO_USER } },
  };
  await writeClusterFile(SHARED_LAB.name, path, ofNode, FOR_ALL);
}

/** The password that the shared cluster's file names. */
export function registryPassword(directory: string): string {
  return readFileSync(join(directory, PASSWORD_FILE), 'utf8').trim();
}
