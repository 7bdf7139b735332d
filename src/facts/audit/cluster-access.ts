import { serverAt } from './addresses.ts';
import { posix } from 'node:path';
import { componentOf, valueOf } from './components.ts';
import type { Component } from './components.ts';
import type { Discovered } from './parse-discovered.ts';

const DEFAULT_PORT = '6443';
const ROOTS_KUBECONFIG = '/root/.kube/config';
const USUAL_KUBECONFIG_DIRECTORY = '/etc/kubernetes';

/** How to ask the API server and the etcd of a control plane from its own shell. */
export interface ClusterAccess {
  /** The API server beside it: what a kubeconfig names may be another machine, or a dead one. */
  readonly server: string;
  /** Tried in this order. */
  readonly kubeconfigs: readonly string[];
  readonly etcd: EtcdAccess | undefined;
}

export interface EtcdAccess {
  readonly endpoints: string;
  readonly caFile: string;
  readonly certFile: string;
  readonly keyFile: string;
  /** The member beside it: its image has an etcdctl. */
  readonly pid: number | undefined;
}

/** Undefined where no API server runs. */
export function clusterAccess(found: Discovered): ClusterAccess | undefined {
  const apiServer = componentOf(found, 'kube-apiserver');
  if (apiServer?.process === undefined) return undefined;
  const directories = (['kubelet', 'kube-controller-manager', 'kube-scheduler'] as const).flatMap((name) => {
    const path = valueOf(componentOf(found, name), 'kubeconfig');
    return path === undefined ? [] : [posix.dirname(path)];
  });
  const kubeconfigs = [...new Set([...directories, USUAL_KUBECONFIG_DIRECTORY])].flatMap((directory) => [`${directory}/admin.conf`, `${directory}/super-admin.conf`]);
  return { server: serverOf(apiServer), kubeconfigs: [...kubeconfigs, ROOTS_KUBECONFIG], etcd: etcdAccess(apiServer, componentOf(found, 'etcd')) };
}

/** Loopback, unless the API server listens on one address alone. */
function serverOf(apiServer: Component): string {
  const bound = valueOf(apiServer, 'bind-address') ?? '';
  const host = bound === '' || bound === '0.0.0.0' || bound === '::' ? '127.0.0.1' : bound;
  return serverAt(host, valueOf(apiServer, 'secure-port') ?? DEFAULT_PORT);
}

function etcdAccess(apiServer: Component, etcd: Component | undefined): EtcdAccess | undefined {
  const [caFile, certFile, keyFile] = ['etcd-cafile', 'etcd-certfile', 'etcd-keyfile'].map((flag) => valueOf(apiServer, flag));
  const endpoints = (etcd?.process && beside(etcd)) ?? valueOf(apiServer, 'etcd-servers');
  if (caFile === undefined || certFile === undefined || keyFile === undefined || endpoints === undefined) return undefined;
  return { endpoints, caFile, certFile, keyFile, pid: etcd?.process?.pid };
}

function beside(etcd: Component): string | undefined {
  const urls = (valueOf(etcd, 'listen-client-urls') ?? '').split(',').filter((url) => url !== '');
  return urls.find((url) => url.includes('//127.')) ?? urls[0];
}
