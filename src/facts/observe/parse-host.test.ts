import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { AppError } from '../../errors/app-error.ts';
import { sha256 } from '../../util/sha256.ts';
import type { HostFacts } from '../host-facts.ts';
import type { ProbeRequest } from '../probe-request.ts';
import { mergeProbes } from '../probe-request.ts';
import { runsShell } from '../probes/runs.ts';
import type { RecordedAnswer } from '../testing/recorded-answers.ts';
import { encoded, recorded, recordedRequests } from '../testing/recorded-answers.ts';
import { hostScript } from './host-script.ts';
import { parseHost } from './parse-host.ts';

// Programs are started, properties are many: a busy machine takes its time.
vi.setConfig({ testTimeout: 30_000 });

const probes = mergeProbes(recordedRequests);
const controlPlane = recorded('control-plane');
const worker = recorded('worker');
const parsed = (changed: RecordedAnswer = {}): HostFacts => parseHost(encoded({ ...controlPlane, ...changed }), probes);
const without = (answer: RecordedAnswer, name: string): RecordedAnswer => Object.fromEntries(Object.entries(answer).filter(([section]) => section !== name));

/** Code of the error that it throws; an error of another class is passed on. */
function codeOf(act: () => unknown): string | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
}

/** One line a fact, as short as it can be told. */
function lines(record: Readonly<Record<string, unknown>>): string {
  const shown = (value: unknown): string =>
    typeof value === 'object' && value !== null
      ? Object.entries(value)
          .map(([key, inner]) => `${key}=${typeof inner === 'string' && inner.length > 60 ? `${inner.slice(0, 60)}...` : JSON.stringify(inner)}`)
          .join(' ')
      : String(value);
  return `\n${Object.entries(record)
    .map(([key, value]) => `${key}: ${shown(value)}`)
    .join('\n')}\n`;
}

describe('a control plane', () => {
  const facts = parsed();

  it('is this machine, in a container: its product id would be that of the host', () => {
    expect(lines({ identity: facts.identity, platform: facts.platform, addresses: facts.addresses.map(({ interface: name, address }) => `${name} ${address}`) }))
      .toMatchInlineSnapshot(`
      "
      identity: hostname="cp-1" machineId="e43263e1ddcf452f8d73dccaed607100" productUuid={"state":"unknown","why":"in a container (systemd-nspawn) it is the host's"} macs=["d6:44:a6:13:98:b7","7e:d4:8b:c6:52:16","f6:2f:89:3e:ad:e0","86:4e:18:7f:2d:83"] sshHostKeys=["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBsjF5zGwHBAZMi+BYL60NrJlD3Go1dCnsV4Yst+wgmK"]
      platform: osId="debian" osLike=[] osVersion="12" osName="Debian GNU/Linux 12 (bookworm)" kernel="6.1.0-37-amd64" architecture="x86_64" container="systemd-nspawn" cgroup="v1" hasCapSysResource=false openFilesHardLimit=20000 isSwapOn=false isResolvedActive=false kernelModules=["br_netfilter","overlay"] cpus=2 memoryBytes=25276502016 bootId="5c7b4436-8196-4643-8a36-200c5f1fb31b"
      addresses: 0="lo 127.0.0.1" 1="lo ::1" 2="host0 10.88.210.11" 3="flannel.1 10.244.0.0" 4="flannel.1 fe80::7cd4:8bff:fec6:5216" 5="cni0 10.244.0.1" 6="cni0 fe80::d444:a6ff:fe13:98b7" 7="veth9d3bec87 fe80::844e:18ff:fe7f:2d83"
      "
    `);
  });

  it('has files, links and absences, each as it is; text where it was asked for', () => {
    expect(lines(facts.files)).toMatchInlineSnapshot(`
      "
      /etc/crictl.yaml: type="file" sha256=cc22ee83c67eb166c7441d556039e67edfeddee74fb54eeaada55f42fd69... sizeBytes=82 mode="644" owner="root:root" text=# Written by kubewright.
      runtime-endpoint: unix:///run/conta...
      /etc/hosts: type="file" sha256=a7bd9f47c0a26f1a4eb5b70a5a2d47055fae34a4a6ee462ad3b7d90ec99f... sizeBytes=140 mode="644" owner="root:root" text=127.0.0.1 localhost
      127.0.1.1 cp-1
      127.0.0.1 api.dev.kubewri...
      /etc/kubernetes/admin.conf: type="file" sha256=fd85b9e368c3387b0fc14a0791fc1d0ed03aa32b24a2b67619d40adb4556... sizeBytes=5623 mode="600" owner="root:root"
      /etc/kubernetes/bootstrap-kubelet.conf: type="absent"
      /etc/kubernetes/kubelet.conf: type="file" sha256=8db84bdeb9b11d10e1e785a8e2fc131e2eeba400e7a725b2ca9a3d7cb03a... sizeBytes=1916 mode="600" owner="root:root"
      /etc/kubernetes/manifests/kube-apiserver.yaml: type="file" sha256=368be3b5dd5144b4ce4db9012126667ab21411f318564ecb8cc9f63b1bb9... sizeBytes=3954 mode="600" owner="root:root"
      /etc/kubewright/api-proxy.cfg: type="file" sha256=b7293c50721e2c19993e6a149f45f95207af1784fcb459676732fb720b80... sizeBytes=1159 mode="644" owner="root:root"
      /opt/cni/bin/bridge: type="link" target=/usr/local/lib/kubewright/store/f7b94d217285b51511e95303364b... targetSizeBytes=3973282
      /usr/local/bin/kubelet: type="link" target=/usr/local/lib/kubewright/store/9206effe0ba627221f3d80bda9c6... targetSizeBytes=84426914
      /usr/local/bin/runc: type="link" target=/usr/local/lib/kubewright/store/0794b90eaef5f21fe3992bbdef79... targetSizeBytes=11782192
      /var/lib/kubelet/config.yaml: type="file" sha256=55dbd7e664bbdc6e43e022140f9435f7b769ab7b28648e23dafe6f219717... sizeBytes=1163 mode="644" owner="root:root"
      "
    `);
  });

  it('has units with what they were started with, settings, packages and images; what is not there is told from what was not asked', () => {
    expect(lines({ ...facts.units, ...facts.sysctls, ...facts.packages })).toMatchInlineSnapshot(`
      "
      containerd.service: load="loaded" active="active" enabled="enabled" mainPid=1249 startedWith=/etc/containerd/config.toml d2bd5df1462f38ee611cb8f7a9e7ca4e...
      kubelet.service: load="loaded" active="active" enabled="enabled" mainPid=2009
      kubewright-api-proxy.service: load="loaded" active="active" enabled="enabled" mainPid=2213
      net.ipv4.ip_forward: 1
      net.netfilter.nf_conntrack_max: 262144
      net.unknown: undefined
      net.bridge.bridge-nf-call-iptables: 1
      conntrack: 1:1.4.7-1+b2
      haproxy: 2.6.12-1+deb12u4
      not-there: undefined
      kmod: 30+20221128-1
      "
    `);
    expect(lines(facts.images.state === 'known' ? facts.images.value : {})).toMatchInlineSnapshot(`
      "
      ghcr.io/flannel-io/flannel:v0.28.4: sha256:e5f0ee095850de8396aea3795e705a404de12bd061c2e9e0fa1a020ef7500ca2
      registry.k8s.io/etcd:3.6.8-0: sha256:e302af81e459ce04cc063e04bcc394bd6ccfec670ef8b6c37aa0c82f1ce525f9
      registry.k8s.io/pause:3.10.2: sha256:de6895da2f0f7d53335f1205d3e7ea95543d3b27d4f13eb13040288254beb8a5
      "
    `);
  });

  it('runs processes with their arguments', () => {
    expect(facts.processes.map(({ name, args }) => `${name} ${args.slice(1, 2).join(' ')}`)).toMatchInlineSnapshot(`
      [
        "containerd ",
        "kube-apiserver --advertise-address=10.88.210.11",
        "kube-scheduler --authentication-kubeconfig=/etc/kubernetes/scheduler.conf",
        "kube-controller-manager --allocate-node-cidrs=true",
        "etcd --advertise-client-urls=https://10.88.210.11:2379",
        "kubelet --bootstrap-kubeconfig=/etc/kubernetes/bootstrap-kubelet.conf",
        "haproxy -Ws",
        "haproxy -Ws",
      ]
    `);
    expect(facts.processes.find(({ name }) => name === 'kube-apiserver')?.args).toContain('--advertise-address=10.88.210.11');
    for (const { pid, startTicks } of facts.processes) expect([pid > 0, startTicks > 0]).toEqual([true, true]);
  });

  it('has certificates and kubeconfigs, without a key', () => {
    expect(lines({ ...facts.certificates, ...facts.kubeconfigs })).toMatchInlineSnapshot(`
      "
      /etc/kubernetes/pki/apiserver.crt: subject="CN=kube-apiserver" issuer="CN=kubernetes" names=["api.dev.kubewright.internal","cp-1","kubernetes","kubernetes.default","kubernetes.default.svc","kubernetes.default.svc.cluster.local"] addresses=["10.96.0.1","10.88.210.11"] notAfter="2027-11-23T18:56:29.000Z" fingerprint=059473b16fbc2dbab92f8ff478e0dcdf8da6ae6d084fb44c40bdfffba53a...
      /etc/kubernetes/pki/etcd/peer.crt: subject="CN=cp-1" issuer="CN=etcd-ca" names=["cp-1","localhost"] addresses=["10.88.210.11","127.0.0.1","0:0:0:0:0:0:0:1"] notAfter="2027-11-23T18:56:29.000Z" fingerprint=9a22a54e2b20e4b73d5fcaa5e1239e93a73183d965f52dcd781e77e5fd1d...
      /etc/kubernetes/admin.conf: server="https://api.dev.kubewright.internal:7443" clientCertificate={"subject":"O=kubeadm:cluster-admins, CN=kubernetes-admin","issuer":"CN=kubernetes","names":[],"addresses":[],"notAfter":"2027-11-23T18:56:29.000Z","fingerprint":"172b1fb9e76581238a637b496c538c7355a44818407b5388b911a01a30fa2a59"}
      /etc/kubernetes/controller-manager.conf: server="https://10.88.210.11:6443" clientCertificate={"subject":"CN=system:kube-controller-manager","issuer":"CN=kubernetes","names":[],"addresses":[],"notAfter":"2027-11-23T18:56:29.000Z","fingerprint":"470bfc832b9845c40466128352e54dfede25af0ae85692f22b640d73823ffa4d"}
      /etc/kubernetes/kubelet.conf: server="https://10.88.210.11:6443" clientCertificate={"subject":"O=system:nodes, CN=system:node:cp-1","issuer":"CN=kubernetes","names":[],"addresses":[],"notAfter":"2027-11-23T18:56:29.000Z","fingerprint":"eb0f58733cc26a4244e2dbe3501b85a1d4752c105c1379681bf6a0789a612784"}
      "
    `);
    expect(JSON.stringify(facts)).not.toContain('PRIVATE');
  });

  it('has a member of etcd, runs, a lock, hosts files of pods', () => {
    expect(lines({ etcd: facts.hasEtcdData, ...Object.fromEntries(facts.runs.entries()), lock: facts.lock, ...facts.podHosts })).toMatchInlineSnapshot(`
      "
      0: runId="c7319ddc-62f5-42d8-87af-6d0f33a0875a" stepId="cluster/ready" token=4 state="ended" exitCode=0
      1: runId="dcfa08c1-6d0c-478b-9429-042082453ac7" stepId="cluster/dns" token=3 state="ended" exitCode=0
      2: runId="dcfa08c1-6d0c-478b-9429-042082453ac7" stepId="cluster/metrics-server" token=3 state="ended" exitCode=0
      etcd: true
      lock: token=4 runId="c7319ddc-62f5-42d8-87af-6d0f33a0875a" owner="ops@desk pid 19204" since="2026-11-23T19:10:30.923Z" expires="2026-11-23T19:11:11.124Z" isHeld=false
      0db6ea41ab759787882cd136e5a17be7: # Kubernetes-managed hosts file (host network).
      127.0.0.1 localhost
      127.0.1.1 cp-1
      127.0.0.1 api.dev.kubewright.internal # kubewright: the API endpoint, served by this machine's own proxy

      "
    `);
  });
});

it('a worker has no control plane, no member, and reaches the API by the endpoint', () => {
  const facts = parseHost(encoded(worker), probes);
  expect(facts.files['/etc/kubernetes/manifests/kube-apiserver.yaml']).toEqual({ type: 'absent' });
  expect(facts.hasEtcdData).toBe(false);
  expect(facts.certificates).toEqual({});
  expect(facts.kubeconfigs['/etc/kubernetes/kubelet.conf']).toMatchObject({
    server: 'https://api.dev.kubewright.internal:7443',
    clientCertificate: { subject: 'O=system:nodes, CN=system:node:w-1' },
  });
  expect(facts.processes.map(({ name }) => name)).toEqual(['containerd', 'haproxy', 'haproxy', 'kubelet']);
});

describe('an answer that is not of the form', () => {
  it.each<readonly [what: string, answer: string]>([
    ['empty', ''],
    ['cut off', encoded(controlPlane).slice(0, -40)],
    ['a list', '[]'],
    ['nothing', 'null'],
    ['a number', '7'],
    ['a section that is no text', JSON.stringify({ identity: 7 })],
    ...Object.keys(controlPlane).map((name) => [`without section ${name}`, encoded(without(controlPlane, name))] as const),
    ['a list of files that ends early', encoded({ ...controlPlane, stat: '/etc/hosts|regular file|1|644|root:root\n' })],
    ['no list of files', encoded({ ...controlPlane, stat: '' })],
    ['no platform', encoded({ ...controlPlane, platform: '' })],
    ['capabilities that are no number', encoded({ ...controlPlane, platform: (controlPlane['platform'] ?? '').replace(/capabilities\|.*/, 'capabilities|zzz') })],
    ['no hierarchy of cgroups', encoded({ ...controlPlane, platform: (controlPlane['platform'] ?? '').replace(/cgroup\|.*/, 'cgroup|') })],
    ['no word about containers', encoded({ ...controlPlane, platform: (controlPlane['platform'] ?? '').replace(/container\|.*/, 'container|') })],
    ['swap that is no number', encoded({ ...controlPlane, platform: (controlPlane['platform'] ?? '').replace(/swap\|.*/, 'swap|-') })],
  ])('%s: one clear error', (_what, answer) => {
    expect(() => parseHost(answer, probes)).toThrow(/^what the machine answered cannot be read: /);
    expect(codeOf(() => parseHost(answer, probes))).toBe('remote-failed');
  });

  it('any bytes in any section: facts, or that one error', () => {
    const anySection = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom('|', '\n', '#', '/', ' ', 'a', '=', '0', '\0') }),
      fc.constant('#/x\n-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'),
    );
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...Object.keys(worker)), anySection, { maxKeys: 4 }), (changed) => {
        expect([undefined, 'remote-failed']).toContain(codeOf(() => parseHost(encoded({ ...worker, ...changed }), probes)));
      }),
      { numRuns: 25 },
    );
  });
});

describe('odd values', () => {
  it('what is no certificate is none', () => {
    const pem = '-----BEGIN CERTIFICATE-----\nnot base64!\n-----END CERTIFICATE-----\n';
    expect(parsed({ certificates: `#/a.crt\n${pem}#/b.crt\n` }).certificates).toEqual({});
    expect(parsed({ kubeconfigs: `#/a.conf\nserver|https://x:1\ncertificate|${Buffer.from(pem).toString('base64')}\n` }).kubeconfigs).toEqual({
      '/a.conf': { server: 'https://x:1' },
    });
  });

  it('a regular file without a digest, or a socket, was not seen: neither absent nor a file', () => {
    const { files } = parsed({ sha256: '' });
    expect(files['/etc/hosts']).toBeUndefined();
    expect(files['/etc/kubernetes/bootstrap-kubelet.conf']).toEqual({ type: 'absent' });
  });

  it('a target of a link may hold what separates fields', () => {
    expect(parsed({ links: '/usr/local/bin/runc|/a|b|7\n/usr/local/bin/kubelet|/gone|\n' }).files).toMatchObject({
      '/usr/local/bin/runc': { type: 'link', target: '/a|b', targetSizeBytes: 7 },
      '/usr/local/bin/kubelet': { type: 'link', target: '/gone', targetSizeBytes: undefined },
    });
  });

  it('a list of images that ends early is unknown, not empty', () => {
    expect(parsed({ images: 'REF TYPE DIGEST\na:1 x sha256:1\n' }).images.state).toBe('unknown');
    expect(parsed({ images: '' }).images.state).toBe('unknown');
  });

  it('a package that is removed but configured is not installed', () => {
    expect(parsed({ packages: 'haproxy|config-files|2.6\nconntrack|half-configured|1\n' }).packages).toEqual({ conntrack: undefined, haproxy: undefined, 'not-there': undefined });
  });

  it('a process that ended while it was looked at is none; a title without arguments is a name', () => {
    const line = (pid: number, cmdline: string): string => `${pid}|5|${Buffer.from(cmdline).toString('base64')}\n`;
    expect(parsed({ processes: `${line(1, '')}${line(2, 'kubelet')}${line(3, '/usr/bin/etcd\0--name=a|b\0\0')}` }).processes).toEqual([
      { name: 'kubelet', pid: 2, startTicks: 5, args: ['kubelet'] },
      { name: 'etcd', pid: 3, startTicks: 5, args: ['/usr/bin/etcd', '--name=a|b', ''] },
    ]);
  });

  it('a machine of its own has the product id of its board, cgroup2 by name or number, no limit', () => {
    const platform = (controlPlane['platform'] ?? '')
      .replace('systemd-nspawn', 'none')
      .replace('cgroup|tmpfs', 'cgroup|UNKNOWN (0x63677270)')
      .replace('nofile|20000', 'nofile|unlimited');
    const facts = parsed({ platform, identity: 'm1\nabc\n4C4C-0001\n' });
    expect(facts.identity.productUuid).toEqual({ state: 'known', value: '4c4c-0001' });
    expect(facts.platform).toMatchObject({ container: 'none', cgroup: 'v2', openFilesHardLimit: Number.MAX_SAFE_INTEGER });
    expect(parsed({ platform, identity: 'm1\nabc\n\n' }).identity.productUuid.state).toBe('unknown');
  });
});

describe('the script', () => {
  const root = mkdtempSync(join(tmpdir(), 'kw-facts-'));
  afterAll(() => rmSync(root, { recursive: true, force: true }));
  const at = (name: string): string => join(root, name);
  const ask = (requests: readonly ProbeRequest[]): HostFacts => {
    const asked = mergeProbes(requests);
    return parseHost(execFileSync('sh', ['-c', hostScript(asked, runsShell())], { encoding: 'utf8' }), asked);
  };
  const file = (path: string, text = true): ProbeRequest => ({ probe: 'file', path, text });

  it('parses, with and without questions', () => {
    for (const requests of [[], recordedRequests]) expect(execFileSync('sh', ['-n'], { input: hostScript(mergeProbes(requests), runsShell()), encoding: 'utf8' })).toBe('');
  });

  it('tells files, links, directories and absences of a real file system apart', () => {
    writeFileSync(at('it\'s $HOME `x` "q" *'), 'odd');
    writeFileSync(at('empty'), '');
    writeFileSync(at('large'), 'x'.repeat(65_537));
    mkdirSync(at('directory'));
    symlinkSync(at('empty'), at('link'));
    symlinkSync('/nowhere|at\tall', at('dangling'));
    execFileSync('mkfifo', [at('pipe')]);
    chmodSync(at('empty'), 0o4710);
    const names = ['it\'s $HOME `x` "q" *', 'empty', 'large', 'directory', 'link', 'dangling', 'pipe', 'absent'];
    const { files } = ask(names.map((name) => file(at(name))));
    const owner = execFileSync('stat', ['-c', '%U:%G', root], { encoding: 'utf8' }).trim();
    expect(Object.fromEntries(Object.entries(files).map(([path, fact]) => [path.slice(root.length + 1), fact]))).toEqual({
      'it\'s $HOME `x` "q" *': { type: 'file', sha256: sha256('odd'), sizeBytes: 3, mode: '644', owner, text: 'odd' },
      empty: { type: 'file', sha256: sha256(''), sizeBytes: 0, mode: '4710', owner, text: '' },
      large: { type: 'file', sha256: sha256('x'.repeat(65_537)), sizeBytes: 65_537, mode: '644', owner },
      directory: { type: 'directory', mode: '755', owner },
      link: { type: 'link', target: at('empty'), targetSizeBytes: 0 },
      dangling: { type: 'link', target: '/nowhere|at\tall', targetSizeBytes: undefined },
      absent: { type: 'absent' },
    });
  });

  it('brings the certificate and leaves the key, of a file with both and of a kubeconfig', () => {
    execFileSync(
      'openssl',
      [
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
        '-nodes',
        '-subj',
        '/O=system:nodes/CN=system:node:n1',
        '-addext',
        'subjectAltName=DNS:n1,IP:10.0.0.1',
        '-keyout',
        at('key'),
        '-out',
        at('crt'),
      ],
      { stdio: 'ignore' },
    );
    execFileSync('sh', ['-c', `cat '${at('key')}' '${at('crt')}' > '${at('both.pem')}'`]);
    writeFileSync(
      at('by-path.conf'),
      `clusters:\n- cluster:\n    server: https://api:7443\nusers:\n- user:\n    client-certificate: ${at('both.pem')}\n    client-key: ${at('both.pem')}\n`,
    );
    const data = execFileSync('base64', ['-w0', at('crt')], { encoding: 'utf8' });
    writeFileSync(at('by-data.conf'), `    server: https://api:7443\n    client-certificate-data: ${data}\n    client-key-data: U0VDUkVU\n`);
    const requests: readonly ProbeRequest[] = [
      { probe: 'certificate', path: at('both.pem') },
      { probe: 'kubeconfig', path: at('by-path.conf') },
      { probe: 'kubeconfig', path: at('by-data.conf') },
    ];
    const answer = execFileSync('sh', ['-c', hostScript(mergeProbes(requests), runsShell())], { encoding: 'utf8' });
    const all = Object.values(JSON.parse(answer) as Record<string, string>)
      .map((text) => Buffer.from(text, 'base64').toString())
      .join('\n');
    expect(all).not.toMatch(/PRIVATE|U0VDUkVU|SECRET/);
    const facts = parseHost(answer, mergeProbes(requests));
    const certificate = { subject: 'O=system:nodes, CN=system:node:n1', names: ['n1'], addresses: ['10.0.0.1'] };
    expect(facts.certificates).toEqual({ [at('both.pem')]: expect.objectContaining(certificate) });
    expect(facts.kubeconfigs).toEqual(
      Object.fromEntries(['by-path.conf', 'by-data.conf'].map((name) => [at(name), { server: 'https://api:7443', clientCertificate: expect.objectContaining(certificate) }])),
    );
  });

  it('reads kernel settings and packages of this machine', () => {
    const facts = ask([
      { probe: 'sysctl', name: 'kernel.ostype' },
      { probe: 'sysctl', name: 'kernel.absent' },
    ]);
    expect(facts.sysctls).toEqual({ 'kernel.ostype': 'Linux', 'kernel.absent': undefined });
    expect(facts.platform.kernel).toBe(execFileSync('uname', ['-r'], { encoding: 'utf8' }).trim());
    expect(facts.platform.memoryBytes).toBeGreaterThan(0);
  });

  it.each(['/etc/a\nb', '/etc/a|b', '/etc/a\0'])('%j cannot be asked for', (path) => {
    expect(() => hostScript(mergeProbes([file(path)]), '')).toThrow('cannot be asked for');
  });
});
