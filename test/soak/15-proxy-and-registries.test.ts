import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventSchema } from '../../src/contract/event.ts';
import { gatewayOf } from '../../src/lab/lab-addresses.ts';
import { everythingOf } from '../lab-support/attempts.ts';
import { audited } from '../lab-support/audit.ts';
import { podsOf } from '../lab-support/cluster-objects.ts';
import { startForwardProxy } from '../lab-support/forward-proxy.ts';
import type { ForwardProxy } from '../lab-support/forward-proxy.ts';
import { kubewright, mustKubewright } from '../lab-support/kubewright.ts';
import type { Ended } from '../lab-support/kubewright.ts';
import { ask, askEach, read } from '../lab-support/on-machine.ts';
import { cachedKubectl } from '../lab-support/operator-kubectl.ts';
import type { OperatorKubectl } from '../lab-support/operator-kubectl.ts';
import { startProbePods } from '../lab-support/probe-pods.ts';
import { environmentOf, processStarts } from '../lab-support/process-starts.ts';
import { failed, inWords, sampleDuring } from '../lab-support/samples.ts';
import { scratchDirectory } from '../lab-support/scratch-directory.ts';
import { startRegistry } from '../lab-support/small-registry.ts';
import type { SmallRegistry } from '../lab-support/small-registry.ts';
import { PROXY_LAB, clearLab, raiseLab, writeClusterFile } from '../lab-support/test-lab.ts';
import type { Machine } from '../lab-support/test-lab.ts';

const REGISTRY = 'registry.example.internal';
const USER = 'robot';
const [FIRST, SECOND] = ['kH7-first-3rW', 'kH7-second-9qX'] as const;
const basic = (password: string): string => `Basic ${Buffer.from(`${USER}:${password}`).toString('base64')}`;
/** The programs that a proxy is for; every other process of a node goes on as it was. */
const GET_THE_PROXY = ['containerd', 'kubelet'];
const GET_NO_PROXY = ['kube-apiserver', 'kube-controller-manager', 'etcd', 'kube-proxy', 'haproxy', 'flanneld'];
const DROP_INS = GET_THE_PROXY.map((name) => `/etc/systemd/system/${name}.service.d/20-kubewright-proxy.conf`);

/** Issue 6, part 2: what a living cluster takes of a proxy and of registries, and gives back. */
describe('a proxy and registries of nodes that are in a cluster', () => {
  const directory = scratchDirectory();
  const clusterFile = join(directory, 'cluster.yaml');
  const passwordFile = join(directory, 'password');
  const gateway = gatewayOf(PROXY_LAB.subnet);
  let machines: readonly Machine[] = [];
  let registry: SmallRegistry;
  let proxy: ForwardProxy;
  const servers: { close(): void }[] = [];
  let operator: OperatorKubectl;
  let pods: ReadonlyMap<string, string>;

  beforeAll(async () => {
    await clearLab(PROXY_LAB);
    machines = await raiseLab(PROXY_LAB);
    servers.push((registry = await startRegistry(directory, gateway)));
    servers.push((proxy = await startForwardProxy(gateway, registry.host)));
    await writeClusterFile(PROXY_LAB.name, clusterFile);
    await mustKubewright(['apply', '-f', clusterFile, '--yes']);
    const kubeconfig = join(directory, 'admin.conf');
    await mustKubewright(['kubeconfig', '-f', clusterFile, '--out', kubeconfig]);
    operator = { program: await cachedKubectl(), kubeconfig };
    pods = await startProbePods(operator);
  });

  afterAll(async () => {
    await clearLab(PROXY_LAB);
    for (const server of servers) server.close();
  });

  /** Writes the cluster file with these settings, applies it while everything of the cluster is tried, and gives the ids of the steps that ran, in the order of their ends. */
  const change = async (settings: object): Promise<readonly string[]> => {
    await writeClusterFile(PROXY_LAB.name, clusterFile, {}, settings);
    const { result, samples } = await sampleDuring<Ended>(() => kubewright(['apply', '-f', clusterFile, '--yes', '-o', 'json']), 500, everythingOf({ machines, operator, pods }));
    for (const secret of [FIRST, SECOND].flatMap((password) => [password, basic(password)])) expect(`${result.stdout}${result.stderr}`).not.toContain(secret);
    expect(result.exitCode, `${result.stdout.slice(-3000)}\n${result.stderr}`).toBe(0);
    const events = result.stdout
      .trimEnd()
      .split('\n')
      .map((line) => eventSchema.parse(JSON.parse(line)));
    console.log(`apply ${result.seconds.toFixed(1)} s; ${[...samples].map(([what, each]) => `${what}: ${inWords(each)}`).join('; ')}`);
    for (const [what, each] of samples) expect({ what, failed: failed(each) }).toEqual({ what, failed: [] });
    await expectNothingLeft();
    return events.flatMap((event) => (event.type === 'step.finished' ? [event.step] : []));
  };

  const expectNothingLeft = async (): Promise<void> => {
    const { stdout } = await kubewright(['plan', '-f', clusterFile, '-o', 'json']);
    expect((JSON.parse(stdout) as { readonly steps: readonly unknown[] }).steps).toEqual([]);
    const verified = await kubewright(['verify', '-f', clusterFile]);
    expect(verified.exitCode, `${verified.stdout}\n${verified.stderr}`).toBe(0);
    expect((await audited(['-f', clusterFile])).codes).toEqual([]);
    const restarted = (await podsOf(operator)).filter(({ restarts }) => restarts > 0);
    expect(restarted).toEqual([]);
  };

  /** Pulls the registry's image anew on every machine, and gives the logins that the registry saw meanwhile, each once. */
  const pullEverywhere = async (): Promise<readonly (string | undefined)[]> => {
    const seen = registry.requests.length;
    const image = `${REGISTRY}/pause@${registry.digest}`;
    await askEach(machines, (machine) => read(machine, `crictl rmi ${image} > /dev/null 2>&1; crictl pull ${image}`));
    return [...new Set(registry.requests.slice(seen).map(({ authorization }) => authorization))];
  };

  const startsOf = async (names: readonly string[]): Promise<readonly string[]> => {
    const all = await askEach(machines, processStarts);
    return [...all].flatMap(([machine, lines]) => lines.filter((line) => names.includes(line.split(' ')[0] ?? '')).map((line) => `${machine} ${line}`));
  };

  const registriesWith = (): object => ({
    [REGISTRY]: { mirrors: [`http://${registry.host}`] },
    [registry.host]: { credentials: { username: USER, password: { fromFile: passwordFile } } },
  });

  it('reach a mirror with a login as soon as the file names it, and no process is started anew', async () => {
    const before = await startsOf([...GET_THE_PROXY, ...GET_NO_PROXY]);
    writeFileSync(passwordFile, FIRST, { mode: 0o600 });
    const steps = await change({ registries: registriesWith() });
    expect(steps.toSorted()).toEqual(machines.map(({ name }) => `${name}/prepare`).toSorted());
    expect(await startsOf([...GET_THE_PROXY, ...GET_NO_PROXY])).toEqual(before);
    expect(await pullEverywhere()).toEqual([basic(FIRST)]);
    expect(new Set(registry.requests.map(({ from }) => from))).toEqual(new Set(machines.map(({ address }) => address)));
  });

  it('use another password after the next run, which tells it to nobody', async () => {
    writeFileSync(passwordFile, SECOND, { mode: 0o600 });
    const { stdout, stderr } = await mustKubewright(['plan', '-f', clusterFile]);
    expect(stdout).toContain('hosts.toml');
    for (const secret of [SECOND, basic(SECOND)]) expect(stdout + stderr).not.toContain(secret);
    await change({ registries: registriesWith() });
    expect(await pullEverywhere()).toEqual([basic(SECOND)]);
  });

  it('go through a proxy, with runtimes and kubelets started anew, control planes in turns, and containers that go on', async () => {
    const before = { others: await startsOf(GET_NO_PROXY), own: await startsOf(GET_THE_PROXY) };
    const steps = await change({ registries: registriesWith(), proxy: { httpProxy: proxy.url, noProxy: ['.example.org'] } });
    expect(steps.filter((id) => /^cp-\d+\/prepare$/.test(id))).toEqual(['cp-1/prepare', 'cp-2/prepare', 'cp-3/prepare']);
    expect(await startsOf(GET_NO_PROXY)).toEqual(before.others);
    const own = await startsOf(GET_THE_PROXY);
    expect(own.filter((line) => before.own.includes(line))).toEqual([]);
    expect(own).toHaveLength(before.own.length);
    for (const machine of machines) await expectProxyOf(machine, proxy.url);
    expect(await pullEverywhere()).toEqual([basic(SECOND)]);
    expect(new Set(proxy.clients)).toEqual(new Set(machines.map(({ address }) => address)));
  });

  const expectProxyOf = async (machine: Machine, url: string): Promise<void> => {
    for (const name of GET_THE_PROXY) {
      const variables = new Map((await environmentOf(machine, name, '_proxy')).map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
      expect([...variables.keys()].toSorted(), `${name} on ${machine.name}`).toEqual(['HTTP_PROXY', 'NO_PROXY']);
      expect(variables.get('HTTP_PROXY')).toBe(url);
      const without = variables.get('NO_PROXY')?.split(',') ?? [];
      expect(without).toEqual(expect.arrayContaining(['.example.org', machine.address, machine.name, '10.244.0.0/16', '10.96.0.0/16']));
      // Of one machine alone (L21).
      for (const { address, name: other } of machines.filter((each) => each !== machine)) expect(without.filter((entry) => [address, other].includes(entry))).toEqual([]);
    }
    for (const name of GET_NO_PROXY) expect(await environmentOf(machine, name, '_proxy'), `${name} on ${machine.name}`).toEqual([]);
  };

  it('are as they were when the file names neither', async () => {
    const before = await startsOf(GET_NO_PROXY);
    await change({});
    expect(await startsOf(GET_NO_PROXY)).toEqual(before);
    const seen = registry.requests.length;
    for (const machine of machines) {
      for (const name of GET_THE_PROXY) expect(await environmentOf(machine, name, '_proxy')).toEqual([]);
      expect(await read(machine, `ls -d ${DROP_INS.join(' ')} 2>/dev/null; find /etc/containerd/certs.d -type f 2>/dev/null; true`)).toBe('');
      const image = `${REGISTRY}/pause@${registry.digest}`;
      await read(machine, `crictl rmi ${image}`);
      expect((await ask(machine, `timeout 30 crictl pull ${image}`)).exitCode).not.toBe(0);
    }
    expect(registry.requests).toHaveLength(seen);
  });
});
