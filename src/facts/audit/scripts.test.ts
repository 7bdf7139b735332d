import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { componentOf, settingOf } from './components.ts';
import { sectionsOf } from '../observe/sections.ts';
import { discoverScript } from './discover-script.ts';
import { inspectRequest } from './inspect-request.ts';
import { inspectScript } from './inspect-script.ts';
import type { MachineFacts } from './machine-facts.ts';
import { parseDiscovered } from './parse-discovered.ts';
import { parseInspected } from './parse-inspected.ts';

const STARTS_MS = 60_000;
const SECRET = 'c2VjcmV0LWtleQ==';

let root = '';
let answers: readonly string[] = [];
let facts: MachineFacts;

const at = (path: string): string => join(root, path);

function put(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(at(path)), { recursive: true });
  writeFileSync(at(path), content);
}

/** A process as /proc shows it. */
function process(pid: number, args: readonly string[], { unit = '', environment = [] as readonly string[], net = 'net:[1]', comm = '' } = {}): void {
  put(`proc/${pid}/comm`, `${comm || (args[0]?.split('/').at(-1) ?? '')}\n`.slice(0, 16));
  put(`proc/${pid}/cmdline`, `${args.join('\0')}\0`);
  put(`proc/${pid}/environ`, `${environment.join('\0')}\0`);
  put(`proc/${pid}/stat`, `${pid} (x y) S ${Array.from({ length: 40 }, (_, index) => index + 4).join(' ')}\n`);
  put(`proc/${pid}/cgroup`, unit === '' ? '0::/kubepods.slice/x.scope\n' : `0::/system.slice/${unit}\n`);
  mkdirSync(at(`proc/${pid}/ns`), { recursive: true });
  symlinkSync(net, at(`proc/${pid}/ns/net`));
  symlinkSync(root, at(`proc/${pid}/root`));
}

/** A key and a self-signed certificate. */
function pair(path: string, name: string): void {
  mkdirSync(dirname(at(path)), { recursive: true });
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
      '-days',
      '30',
      '-subj',
      `/CN=${name}`,
      '-addext',
      'subjectAltName=DNS:k1,IP:10.0.0.1',
      '-keyout',
      at(`${path}.key`),
      '-out',
      at(`${path}.crt`),
    ],
    { stdio: 'ignore' },
  );
}

/** Runs a script as a machine would, on the tree in `root`. */
function run(script: string): string {
  const moved = ['/proc', '/sys/class', '/run/kubewright', '/root/.kube', '/etc/machine-id', '/etc/ssh', '/etc/kubewright', '/etc/rancher'].reduce(
    (text, path) => text.replaceAll(new RegExp(`(?<![\\w}/.])${path}`, 'g'), at(path)),
    script,
  );
  return execFileSync('sh', ['-c', moved], { encoding: 'utf8', timeout: STARTS_MS });
}

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'kubewright-audit-'));
  for (const directory of ['run/kubewright', 'root', 'etc/ssh']) mkdirSync(at(directory), { recursive: true });
  put('etc/machine-id', 'abc\n');
  pair('pki/apiserver', 'kube-apiserver');
  pair('pki/other', 'another');
  pair('pki/etcd', 'etcd');
  process(1, ['/sbin/init']);
  process(10, ['/usr/bin/kubelet', '--config', at('kubelet.yaml'), `--kubeconfig=${at('conf/kubelet.conf')}`, '--node-ip=10.0.0.1'], { unit: 'kubelet.service' });
  process(11, [
    'kube-apiserver',
    '--advertise-address=10.0.0.1',
    `--tls-cert-file=${at('pki/apiserver.crt')}`,
    `--tls-private-key-file=${at('pki/other.key')}`,
    `--encryption-provider-config=${at('conf/enc.yaml')}`,
  ]);
  process(12, ['/usr/local/bin/etcd'], {
    unit: 'etcd.service',
    environment: [
      'ETCD_NAME=etcd1',
      `ETCD_CERT_FILE=${at('pki/etcd.crt')}`,
      `ETCD_KEY_FILE=${at('pki/etcd.key')}`,
      'ETCD_PASSWORD=hidden',
      'HTTPS_PROXY=http://me:pass@proxy:3128',
      'HOME=/root',
    ],
  });
  process(13, ['etcd', '--name=of-a-pod'], { net: 'net:[2]' });
  process(14, [`nginx: master process nginx -c ${at('nginx.conf')}`], { comm: 'nginx' });
  put(`${root.slice(1)}/nginx.conf`, 'upstream x {\n  server 10.0.0.1:6443;\n\tserver 10.0.0.2:6443 weight=1;\n}\nserver { listen 1; }\n');
  put('kubelet.yaml', `kind: KubeletConfiguration\n"staticPodPath": "${at('pods')}"\nauthentication:\n  anonymous: { enabled: false }\n`);
  put('conf/enc.yaml', `secret: ${SECRET}\n`);
  put(
    'conf/kubelet.conf',
    `apiVersion: v1\nclusters:\n- cluster:\n    server: https://127.0.0.1:1\nusers:\n- name: x\n  user:\n    client-key-data: ${SECRET}\n    token: ${SECRET}\n- user: { token: ${SECRET} }\n`,
  );
  put('conf/join.yaml', `kind: JoinConfiguration\ndiscovery:\n  bootstrapToken:\n    apiServerEndpoint: 10.0.0.1:6443\n    token: ${SECRET}\n    unsafeSkipCAVerification: true\n`);
  put(
    'pods/good.yaml',
    'kind: Pod\nmetadata: { name: p }\nspec:\n  containers:\n  - command: [kube-apiserver, --advertise-address=10.0.0.1]\n    env:\n    - { name: HTTP_PROXY, value: "http://u:p@proxy" }\n    - { name: SECRET, value: hidden }\n',
  );
  put(
    'pods/bomb.yaml',
    `kind: Pod\na0: &a0 [x,x,x,x,x,x,x,x,x]\n${Array.from({ length: 12 }, (_, index) => `a${index + 1}: &a${index + 1} [${Array.from({ length: 9 }, () => `*a${index}`).join(',')}]`).join('\n')}\n`,
  );
  put('pods/broken.yaml', 'kind: Pod\n  bad: [\n');
  put('pods/bytes.yaml', Buffer.from([0x6b, 0xff, 0xfe, 0x00, 0x80]));
  put('pods/deep.yaml', `${'['.repeat(30_000)}`);
  put('pods/huge.yaml', `kind: Pod # ${'x'.repeat(2_000_000)}`);
  put('pods/.hidden.yaml', 'kind: Pod\n');
  mkdirSync(at('pods/directory.yaml'));
  symlinkSync('loop.yaml', at('pods/loop.yaml'));
  symlinkSync('good.yaml', at('pods/linked.yaml'));
  symlinkSync('/dev/zero', at('pods/endless.yaml'));
  execFileSync('mkfifo', [at('pods/pipe.yaml')]);
  execFileSync('sh', ['-c', 'printf "kind: Pod" > "$1"', 'sh', at('pods/a|b \n$(touch x)\'".yaml')]);
  const first = run(discoverScript());
  const found = parseDiscovered(first);
  const request = inspectRequest(found);
  const second = run(inspectScript(request));
  facts = { ...found, ...parseInspected(second, request) };
  answers = [first, second].map((answer) => [...sectionsOf(answer).values()].join('\n'));
}, STARTS_MS);

afterAll(() => rmSync(root, { recursive: true }));

describe('what runs', () => {
  it('is read with its arguments and units; what runs in a network of its own is not', () => {
    expect(facts.processes.map(({ component, pid, unit }) => [component, pid, unit])).toEqual([
      ['kubelet', 10, 'kubelet.service'],
      ['kube-apiserver', 11, ''],
      ['etcd', 12, 'etcd.service'],
      ['nginx', 14, ''],
    ]);
    expect(facts.processes[0]?.startTicks).toBe(22);
    expect(settingOf(componentOf(facts, 'kubelet'), 'config')?.value).toBe(at('kubelet.yaml'));
  });

  it('is configured by its environment, of which nothing else is read', () => {
    expect(facts.processes.find(({ pid }) => pid === 12)?.environment).toEqual({
      ETCD_NAME: 'etcd1',
      ETCD_CERT_FILE: at('pki/etcd.crt'),
      ETCD_KEY_FILE: at('pki/etcd.key'),
      HTTPS_PROXY: 'http://proxy:3128',
    });
    expect(settingOf(componentOf(facts, 'etcd'), 'name')).toMatchObject({ value: 'etcd1', where: 'ETCD_NAME, process 12' });
  });
});

describe('files that the processes name', () => {
  it('give certificates, and the public halves of keys', () => {
    const [apiserver, etcd] = ['pki/apiserver.crt', 'pki/etcd.crt'].map((path) => facts.certificates[at(path)]);
    expect(apiserver).toMatchObject({ subject: 'CN=kube-apiserver', names: ['k1'], addresses: ['10.0.0.1'] });
    expect(apiserver?.signedBy).toEqual([apiserver?.fingerprint]);
    expect(facts.publicKeys[at('pki/etcd.key')]).toEqual({ state: 'known', value: etcd?.publicKey });
    expect(facts.publicKeys[at('pki/other.key')]).toEqual({ state: 'known', value: facts.certificates[at('pki/other.crt')]?.publicKey });
    expect(facts.directories[at('pki')]).toContain('other.key');
  });

  it('give kubeconfigs, upstreams, joins and what answers', () => {
    expect(facts.kubeconfigs[at('conf/kubelet.conf')]).toMatchObject({ server: 'https://127.0.0.1:1', line: 4 });
    expect(facts.answers).toEqual({ 'https://127.0.0.1:1': false });
    expect(facts.balancers).toEqual([
      {
        program: 'nginx',
        path: at('nginx.conf'),
        upstreams: [
          { text: '10.0.0.1:6443', line: 2 },
          { text: '10.0.0.2:6443', line: 3 },
        ],
      },
    ]);
    expect(facts.joinFiles).toEqual([{ path: at('conf/join.yaml'), endpoint: { text: '10.0.0.1:6443', line: 4 }, skipsVerification: { text: 'true', line: 6 } }]);
    expect(facts.kubeletConfig).toMatchObject({ state: 'known', value: { path: at('kubelet.yaml'), fields: { 'authentication.anonymous.enabled': { text: 'false', line: 4 } } } });
    expect(facts.files[at('conf/enc.yaml')]).toMatchObject({ type: 'file', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string });
  });
});

it('brings no secret', () => {
  for (const answer of answers)
    for (const secret of [SECRET, 'hidden', 'PRIVATE KEY', 'pass@', 'me:pass']) expect(answer.replaceAll(/\|[A-Za-z0-9+/=]{40,}$/gm, '')).not.toContain(secret);
  expect(JSON.stringify(facts)).not.toMatch(/hidden|PRIVATE KEY|pass@|u:p@/);
});

it('leaves nothing behind', () => {
  expect(readdirSync(at('run/kubewright'))).toEqual([]);
  expect(existsSync(at('x'))).toBe(false);
  expect(readFileSync(at('conf/enc.yaml'), 'utf8')).toContain(SECRET);
});

describe('hostile files in the directory of static pods', () => {
  it.each([
    ['bomb.yaml', /more than 20000 values/],
    ['broken.yaml', /^line \d+/],
    ['bytes.yaml', /not UTF-8/],
    ['deep.yaml', /nested|line|stack/i],
    ['huge.yaml', /has 2000012 bytes/],
    ['loop.yaml', /a link to no regular file/],
    ['endless.yaml', /a link to no regular file/],
    ['pipe.yaml', /no regular file/],
  ])('%s is named with the reason', (name, why) => {
    const manifest = facts.manifests.find(({ path }) => path === at(`pods/${name}`));
    expect(manifest).toMatchObject({ type: 'broken', why: expect.stringMatching(why) as string });
  });

  it('of any name are told by it, and what the kubelet passes over is passed over', () => {
    const names = facts.manifests.map(({ path }) => path.slice(at('pods/').length));
    expect(names).toContain('a|b \n$(touch x)\'".yaml');
    expect(names).not.toContain('.hidden.yaml');
    expect(names).not.toContain('directory.yaml');
  });

  it('do not hide the good ones', () => {
    const good = facts.manifests.filter(({ type }) => type === 'pod');
    expect(good.map(({ path }) => path)).toEqual(expect.arrayContaining([at('pods/good.yaml'), at('pods/linked.yaml')]));
    expect(good[0]).toMatchObject({ component: expect.any(String) as string });
    expect(facts.manifests.find(({ path }) => path === at('pods/good.yaml'))).toMatchObject({ environment: [{ name: 'HTTP_PROXY', value: 'http://proxy', line: 7 }] });
  });
});

it.each(['', 'not json', '[]', '{}', '{"identity":"%%%"}', '{"identity":5}', 'null', `{"identity":"${'A'.repeat(100_000)}"}`])('takes %j for no answer', (answer) =>
  expect(() => parseDiscovered(answer)).toThrow(/./),
);
