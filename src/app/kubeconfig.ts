import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parse, stringify } from 'yaml';
import { AppError } from '../errors/app-error.ts';
import { ADMIN_CONF } from '../facts/kubernetes-paths.ts';
import type { Host } from '../hosts/host.ts';
import type { Cluster, ClusterNode } from '../model/cluster.ts';
import { API_SERVER_PORT } from '../model/cluster.ts';
import { laneId } from '../plan/plan.ts';
import { kubectl } from '../shell/kubectl.ts';
import { quote } from '../shell/quote.ts';
import { notWritten } from './not-written.ts';
import type { Fleet } from './observe-fleet.ts';
import { adviceOf } from './unseen-fact.ts';
import { writeWhole } from './write-whole.ts';

const TIMEOUT_MS = 20_000;
const PRIVATE_MODE = 0o600;

export interface KubeconfigRequest {
  readonly cluster: Cluster;
  readonly fleet: Fleet;
  readonly signal: AbortSignal;
}

export interface AdminKubeconfig {
  /** The control plane whose address it names. */
  readonly node: string;
  /** The kubeconfig, with the administrator's key. */
  readonly text: string;
  readonly entries: KubeconfigEntries;
}

/** The three entries of one cluster. The context has the cluster's name. */
export interface KubeconfigEntries {
  readonly name: string;
  readonly cluster: Readonly<Record<'server' | 'tls-server-name' | 'certificate-authority-data', string>>;
  readonly user: Readonly<Record<'client-certificate-data' | 'client-key-data', string>>;
}

/** A kubeconfig as far as kubeadm's admin.conf is read. */
interface Kubeconfig {
  readonly clusters?: readonly { readonly cluster?: { readonly 'certificate-authority-data'?: string } }[];
  readonly users?: readonly { readonly user?: { readonly 'client-certificate-data'?: string; readonly 'client-key-data'?: string } }[];
}

/** An administrator's kubeconfig that works from outside: it names a healthy control plane's address. Throws `cluster-unreachable`. */
export async function adminKubeconfig({ cluster, fleet, signal }: KubeconfigRequest): Promise<AdminKubeconfig> {
  const candidates = cluster.nodes.filter(({ role }) => role === 'control-plane');
  const enough = new AbortController();
  const each = AbortSignal.any([signal, enough.signal]);
  try {
    return await Promise.any(candidates.map((node) => kubeconfigThrough(node, cluster, fleet.get(laneId(node.name)), each)));
  } catch (error) {
    if (signal.aborted) throw new AppError('interrupted', 'interrupted while looking for a healthy control plane', { retry: 'safe' });
    if (error instanceof AggregateError) noneHealthy(candidates, error);
    throw error;
  } finally {
    enough.abort();
  }
}

/** Throws what is to be said when no control plane served; a defect, or a program that this machine lacks, as it is. */
function noneHealthy(candidates: readonly ClusterNode[], { errors }: AggregateError): never {
  const causes: readonly unknown[] = errors;
  const defect = causes.find((cause): cause is Error => cause instanceof Error && (!(cause instanceof AppError) || cause.code === 'program-missing'));
  if (defect !== undefined) throw defect;
  const words = `none of the control planes ${candidates.map(({ name }) => name).join(', ')} has an API server that is ready`;
  throw new AppError('cluster-unreachable', words, { retry: 'safe', details: causes.flatMap((cause) => linesAbout(cause as AppError)) });
}

/** What is said of one control plane among several. */
function linesAbout(error: AppError): readonly string[] {
  const advice = error.code === 'host-unreachable' || error.code === 'sudo-refused' ? adviceOf(error) : [];
  return [error.message, ...advice.map((line) => `  ${line}`)];
}

async function kubeconfigThrough(node: ClusterNode, cluster: Cluster, host: Host | undefined, signal: AbortSignal): Promise<AdminKubeconfig> {
  if (host === undefined) throw new AppError('cluster-unreachable', `${node.name} is not among the machines that can be reached`);
  const server = `https://${node.address.openFor(node.name)}:${API_SERVER_PORT}`;
  const answer = await host.read(healthyAdminConf(server, cluster.wide.endpoint.host), { signal, timeoutMs: TIMEOUT_MS });
  if (answer.trim() === '') throw new AppError('cluster-unreachable', `the API server of ${node.name} is not ready at ${server}`, { retry: 'safe' });
  const entries = entriesOf(answer, cluster, { node: node.name, server });
  return { node: node.name, entries, text: kubeconfigOf(entries) };
}

/** Prints admin.conf where the API server answers at this very address. It goes through no argument and no file on the way. */
function healthyAdminConf(server: string, endpointHost: string): string {
  const check = kubectl('--server', server, '--tls-server-name', endpointHost, '--request-timeout=5s', 'get', '--raw', '/readyz');
  return `PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin; export PATH
if [ -f ${quote(ADMIN_CONF)} ] && ${check} >/dev/null 2>&1; then cat ${quote(ADMIN_CONF)}; fi`;
}

/** A parser's complaint would show the text around it, keys too: what cannot be read is taken for empty. */
function parseKubeconfig(text: string): Kubeconfig {
  try {
    return (parse(text) as Kubeconfig | null) ?? {};
  } catch {
    return {};
  }
}

/** The same credentials under the cluster's name, for the address and with the name that its certificate carries. */
function entriesOf(adminConf: string, cluster: Cluster, { node, server }: { readonly node: string; readonly server: string }): KubeconfigEntries {
  const { clusters, users } = parseKubeconfig(adminConf);
  const ca = clusters?.[0]?.cluster?.['certificate-authority-data'];
  const user = users?.[0]?.user;
  const certificate = user?.['client-certificate-data'];
  const key = user?.['client-key-data'];
  if (ca === undefined || certificate === undefined || key === undefined)
    throw new AppError('cluster-unreachable', `${ADMIN_CONF} of ${node} lacks the CA or the administrator's certificate`, {
      hint: 'look at the file: kubeadm writes all of them into it',
    });
  return {
    name: cluster.wide.name,
    cluster: { server, 'tls-server-name': cluster.wide.endpoint.host, 'certificate-authority-data': ca },
    user: { 'client-certificate-data': certificate, 'client-key-data': key },
  };
}

/** The user of a cluster's entries. */
export function userNameOf(name: string): string {
  return `${name}-admin`;
}

function kubeconfigOf({ name, cluster, user }: KubeconfigEntries): string {
  const admin = userNameOf(name);
  return stringify(
    {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name, cluster }],
      users: [{ name: admin, user }],
      contexts: [{ name, context: { cluster: name, user: admin } }],
      'current-context': name,
    },
    { compat: 'yaml-1.1', lineWidth: 0 },
  );
}

/** Throws `local-file` where no kubeconfig can be written: asked before any machine is. */
export async function checkKubeconfigPath(path: string): Promise<void> {
  try {
    await access(dirname(resolve(path)), constants.W_OK | constants.X_OK);
    const there = await stat(path).catch(() => undefined);
    if (there?.isDirectory() === true) throw new Error('it is a directory');
  } catch (cause) {
    throw notWritten('the kubeconfig', path, cause);
  }
}

/** Writes a kubeconfig that only its owner can read, as a whole or not at all. */
export async function writeKubeconfig(path: string, text: string): Promise<void> {
  try {
    await writeWhole(path, text, { mode: PRIVATE_MODE, replace: true });
  } catch (cause) {
    throw notWritten('the kubeconfig', path, cause);
  }
}
