import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { metricsServerObjects } from '../../../src/planning/addons/metrics-server.ts';
import { pollUntil } from '../../../src/util/poll.ts';
import { read } from '../on-machine.ts';
import { cachedKubectl, kubectl, tryKubectl } from '../operator-kubectl.ts';
import type { OperatorKubectl } from '../operator-kubectl.ts';
import type { Machine } from '../test-lab.ts';
import { flannelManifest } from './flannel.ts';
import { authorityPin, endpointOf, kubeadmInit, kubeadmJoin, newSecrets } from './init-and-join.ts';
import type { Flaw, KubeadmSecrets } from './init-and-join.ts';
import { testedRelease } from './install-machine.ts';

/** A cluster that kubeadm alone has made. */
export interface KubeadmCluster {
  readonly machines: readonly Machine[];
  readonly flaw: Flaw;
  readonly secrets: KubeadmSecrets;
  readonly pin: string;
  readonly kubeconfig: string;
}

export interface BuildOptions {
  readonly machines: readonly Machine[];
  readonly flaw: Flaw;
  /** For the kubeconfig; of the caller. */
  readonly directory: string;
  /** Variables in the shell of kubeadm init, and of it alone. */
  readonly initEnvironment?: Readonly<Record<string, string>>;
}

/** Makes a cluster of machines on which everything is installed: init on the first, joins one after the other, add-ons; resolves when all of it is ready. */
export async function buildKubeadmCluster({ machines, flaw, directory, initEnvironment }: BuildOptions): Promise<KubeadmCluster> {
  const [first, ...others] = machines.filter(({ role }) => role === 'control-plane');
  if (first === undefined) throw new Error('no control plane among the machines');
  const secrets = newSecrets();
  await kubeadmInit(first, flaw, secrets, initEnvironment);
  const pin = await authorityPin(first);
  const kubeconfig = join(directory, 'admin.conf');
  writeFileSync(kubeconfig, await read(first, 'cat /etc/kubernetes/admin.conf', { isSecret: true }), { mode: 0o600 });
  const cluster: KubeadmCluster = { machines, flaw, secrets, pin, kubeconfig };
  const operator = await operatorBy(cluster, first);
  await applyAddons(operator, directory);
  const joining = { endpoint: endpointOf(flaw, first), token: secrets.token, pin };
  const workers = machines.filter(({ role }) => role === 'worker').map((machine) => kubeadmJoin(machine, joining));
  for (const machine of others) await kubeadmJoin(machine, { ...joining, certificateKey: secrets.certificateKey });
  await Promise.all(workers);
  await settle(operator);
  return cluster;
}

/** An administrator who asks one control plane. */
export async function operatorBy({ kubeconfig }: KubeadmCluster, { address }: Machine): Promise<OperatorKubectl> {
  return { program: await cachedKubectl(), kubeconfig, server: `https://${address}:6443` };
}

async function applyAddons(operator: OperatorKubectl, directory: string): Promise<void> {
  const file = join(directory, 'addons.json');
  const metricsServer = { apiVersion: 'v1', kind: 'List', items: metricsServerObjects(testedRelease(), false) };
  writeFileSync(file, `${JSON.stringify(flannelManifest())}\n${JSON.stringify(metricsServer)}\n`);
  await kubectl(operator, 'apply', '--filename', file);
}

const WORKLOADS = ['kube-flannel/daemonset/kube-flannel-ds', 'kube-system/deployment/coredns', 'kube-system/deployment/metrics-server'];

/** Everything ready; CoreDNS started anew, since kubeadm puts both replicas on the node that was ready first. */
async function settle(operator: OperatorKubectl): Promise<void> {
  await kubectl(operator, 'wait', '--for=condition=Ready', 'nodes', '--all', '--timeout=180s');
  await kubectl(operator, '--namespace', 'kube-system', 'rollout', 'restart', 'deployment', 'coredns');
  for (const workload of WORKLOADS) {
    const [namespace = '', ...name] = workload.split('/');
    await kubectl(operator, '--namespace', namespace, 'rollout', 'status', name.join('/'), '--timeout=180s');
  }
  let said = '';
  const hasMetrics = async (): Promise<true | undefined> => {
    const { exitCode, stderr } = await tryKubectl(operator, 'top', 'nodes');
    said = stderr.trim();
    return exitCode === 0 ? true : undefined;
  };
  await pollUntil(hasMetrics, { what: 'the first metrics', deadlineMs: 120_000, everyMs: 1000, why: () => [said] });
}
