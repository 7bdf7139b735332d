import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { kubewright } from '../lab-support/kubewright.ts';
import { read, readLines } from '../lab-support/on-machine.ts';
import { kubectlJson } from '../lab-support/operator-kubectl.ts';
import type { OperatorKubectl } from '../lab-support/operator-kubectl.ts';
import { argumentsOf } from '../lab-support/process-starts.ts';
import { scratchDirectory } from '../lab-support/scratch-directory.ts';
import { OWN_MAX_PODS, PROXY, REGISTRY, REGISTRY_USER, SET_APART, registryPassword } from '../lab-support/shared-settings.ts';
import { isControlPlane, operatorOf, sharedCluster } from '../lab-support/shared-cluster.ts';
import type { SharedCluster } from '../lab-support/shared-cluster.ts';
import { logSsh } from '../lab-support/ssh-log.ts';
import type { Machine } from '../lab-support/test-lab.ts';

const PKI = '/etc/kubernetes/pki';
const SERVING = [`${PKI}/apiserver.crt`, `${PKI}/etcd/server.crt`, `${PKI}/etcd/peer.crt`];
const SHARED = [
  ['kube-system', 'kubeadm-config'],
  ['kube-system', 'kubelet-config'],
  ['kube-system', 'kube-proxy'],
  ['kube-public', 'cluster-info'],
] as const;

/** Bar 3: each node carries its own address, and nothing that all share carries any node's. */
describe('identity', () => {
  let cluster: SharedCluster;
  let operator: OperatorKubectl;
  let controlPlanes: readonly Machine[];

  beforeAll(async () => {
    cluster = sharedCluster();
    operator = await operatorOf(cluster);
    controlPlanes = cluster.machines.filter(isControlPlane);
  });

  /** Addresses and names of other nodes in a text, as whole words. */
  const othersIn = (text: string, own?: Machine): readonly string[] => {
    const others = cluster.machines.filter((machine) => machine.name !== own?.name).flatMap(({ name, address }) => [name, address]);
    return others.filter((word) => new RegExp(`(?<![\\w.-])${word.replaceAll('.', String.raw`\.`)}(?![\\w-]|\\.\\d)`).test(text));
  };

  it('finds words of other nodes, or the tests below prove nothing', () => {
    const [one, two] = controlPlanes;
    expect(othersIn(`server: https://${two!.address}:6443`, one)).toEqual([two!.address]);
    expect(othersIn(`${two!.name},${one!.name}`, one)).toEqual([two!.name]);
    expect(othersIn(`${two!.address}0 not-${two!.name}`, one)).toEqual([]);
  });

  it('every API server advertises its own address', async () => {
    for (const machine of controlPlanes) {
      const [args, ...more] = await argumentsOf(machine, 'kube-apiserver');
      expect(more).toEqual([]);
      expect(args!.filter((word) => word.startsWith('--advertise-address='))).toEqual([`--advertise-address=${machine.address}`]);
      expect(othersIn(args!.join('\n'), machine), machine.name).toEqual([]);
    }
  });

  it('every etcd listens at and advertises its own address', async () => {
    for (const machine of controlPlanes) {
      const [args] = await argumentsOf(machine, 'etcd');
      expect(args).toEqual(
        expect.arrayContaining([
          `--name=${machine.name}`,
          `--advertise-client-urls=https://${machine.address}:2379`,
          `--initial-advertise-peer-urls=https://${machine.address}:2380`,
        ]),
      );
      // The members it was told of when it first started are others by their nature.
      expect(othersIn(args!.filter((word) => !word.startsWith('--initial-cluster=')).join('\n'), machine), machine.name).toEqual([]);
    }
  });

  it('every manifest names its own node alone', async () => {
    for (const machine of controlPlanes) {
      const text = await read(machine, 'cat /etc/kubernetes/manifests/*.yaml');
      expect(text).toContain(`--advertise-address=${machine.address}`);
      expect(othersIn(text.replaceAll(/--initial-cluster=\S+/g, ''), machine), machine.name).toEqual([]);
    }
  });

  it('every serving certificate names its own node alone', async () => {
    for (const machine of controlPlanes) {
      for (const path of SERVING) {
        const text = await read(machine, `openssl x509 -noout -subject -ext subjectAltName -in ${path}`);
        expect(text, `${machine.name} ${path}`).toContain(`IP Address:${machine.address}`);
        expect(text).toContain(`DNS:${machine.name}`);
        expect(othersIn(text, machine), `${machine.name} ${path}`).toEqual([]);
      }
    }
  });

  it('every API server shows that certificate to those who connect', async () => {
    const worker = cluster.machines.find((machine) => !isControlPlane(machine))!;
    for (const { name, address } of controlPlanes) {
      const text = await read(
        worker,
        `openssl s_client -connect ${address}:6443 -CAfile ${PKI}/ca.crt -verify_return_error < /dev/null 2> /dev/null | openssl x509 -noout -ext subjectAltName`,
      );
      expect(text, name).toContain(`IP Address:${address}`);
    }
  });

  it('every kubelet certificate and kubeconfig is of its own node', async () => {
    for (const machine of cluster.machines) {
      const subject = await read(machine, 'openssl x509 -noout -subject -in /var/lib/kubelet/pki/kubelet-client-current.pem');
      expect(subject).toContain(`CN = system:node:${machine.name}`);
      const servers = await readLines(machine, "sed -n 's/^ *server: //p' /etc/kubernetes/*.conf");
      expect(othersIn(servers.join('\n'), machine), machine.name).toEqual([]);
    }
  });

  it('the endpoints of the service kubernetes are the control planes', async () => {
    const { items } = await kubectlJson<{
      readonly items: readonly { readonly endpoints: readonly { readonly addresses: readonly string[]; readonly conditions: { readonly ready: boolean } }[] }[];
    }>(operator, ...['get', 'endpointslices', '--namespace', 'default', '--selector', 'kubernetes.io/service-name=kubernetes']);
    const ready = items.flatMap(({ endpoints }) => endpoints.filter(({ conditions }) => conditions.ready).flatMap(({ addresses }) => addresses));
    expect(ready.toSorted()).toEqual(controlPlanes.map(({ address }) => address).toSorted());
  });

  it.each(SHARED)("ConfigMap %s/%s carries no node's address or name", async (namespace, name) => {
    const { data } = await kubectlJson<{ readonly data: Readonly<Record<string, string>> }>(operator, 'get', 'configmap', name, '--namespace', namespace);
    const text = Object.values(data).join('\n');
    expect(text).not.toBe('');
    expect(othersIn(text)).toEqual([]);
  });
});

/** What the file says of flags, kubelets, the proxy and registries, on the machines themselves. */
describe('settings', () => {
  let cluster: SharedCluster;
  let controlPlanes: readonly Machine[];

  beforeAll(() => {
    cluster = sharedCluster();
    controlPlanes = cluster.machines.filter(isControlPlane);
  });

  it('of all control planes are in force on each, those of one on that one alone', async () => {
    for (const machine of controlPlanes) {
      const args = (await Promise.all(['kube-controller-manager', 'kube-scheduler', 'etcd'].map((name) => argumentsOf(machine, name)))).map(([own]) => own!);
      const own = [`--bind-address=0.0.0.0`, `--bind-address=${machine.address}`, `--listen-metrics-urls=http://127.0.0.1:2381,http://${machine.address}:2381`];
      for (const [index, flag] of ['--terminated-pod-gc-threshold=1000', '--kube-api-qps=60', '--quota-backend-bytes=4294967296'].entries()) {
        expect(args[index], machine.name).toContain(flag);
        expect(args[index]!.includes(own[index]!), `${machine.name} ${own[index]}`).toBe(machine.name === SET_APART.controlPlane);
      }
    }
  });

  it('of one kubelet are in force on that one alone', async () => {
    const { items } = await kubectlJson<{
      readonly items: readonly { readonly metadata: { readonly name: string }; readonly status: { readonly capacity: { readonly pods: string } } }[];
    }>(await operatorOf(cluster), ...['get', 'nodes']);
    const withOwn = items.filter(({ status }) => status.capacity.pods === String(OWN_MAX_PODS)).map(({ metadata }) => metadata.name);
    expect(withOwn).toEqual([SET_APART.worker]);
  });

  it('of the proxy reach the runtime and the kubelet, and nothing that all nodes share', async () => {
    for (const machine of cluster.machines) {
      for (const unit of ['containerd', 'kubelet']) {
        const environment = await read(machine, `tr '\\0' '\\n' < /proc/$(systemctl show -p MainPID --value ${unit})/environ`);
        expect(environment, `${machine.name} ${unit}`).toContain(`HTTPS_PROXY=${PROXY}`);
        expect(environment.match(/^NO_PROXY=.*$/m)?.[0].split(',')).toContain(machine.address);
      }
    }
    const manifests = await read(controlPlanes[0]!, 'cat /etc/kubernetes/manifests/*.yaml');
    const daemonSets = await kubectlJson<object>(await operatorOf(cluster), 'get', 'daemonsets', '--namespace', 'kube-system');
    expect(manifests + JSON.stringify(daemonSets)).not.toContain(PROXY);
  });

  it('of registries are root’s to read, with the login for one host', async () => {
    const login = Buffer.from(`${REGISTRY_USER}:${registryPassword(cluster.directory)}`).toString('base64');
    for (const machine of cluster.machines) {
      const path = `/etc/containerd/certs.d/${REGISTRY}/hosts.toml`;
      expect(await read(machine, `stat -c %a ${path} && cat ${path}`), machine.name).toBe(`600\n# Written by kubewright.\n[header]\n  Authorization = "Basic ${login}"\n`);
    }
  });
});

describe("a node's value in cluster scope", () => {
  const directory = scratchDirectory();

  it.each(['plan', 'apply'])('is refused by %s with its place, before any connection', async (verb) => {
    const file = join(directory, 'leak.yaml');
    const { clusterFile, machines } = sharedCluster();
    const leak = `  controlPlane:\n    apiServer:\n      extraArgs:\n        advertise-address: ${machines[0]!.address}\n`;
    const text = readFileSync(clusterFile, 'utf8').replace(/^ {2}controlPlane:\n/m, leak);
    writeFileSync(file, text);
    const log = logSsh(directory);
    const { exitCode, stdout, stderr } = await kubewright([verb, '-f', file, ...(verb === 'apply' ? ['--yes'] : [])], { env: log.env });
    expect(exitCode, stdout).toBe(3);
    const line = text.split('\n').findIndex((each) => each.includes('advertise-address')) + 1;
    expect(stderr).toContain(`leak.yaml:${line}:9`);
    expect(log.count()).toBe(0);
  });
});
