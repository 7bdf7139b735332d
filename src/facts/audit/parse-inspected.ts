import { known, unknown } from '../../plan/fact.ts';
import type { Fact } from '../../plan/fact.ts';
import { decodeBase64, fieldsOf, linesOf, sectionsOf } from '../observe/sections.ts';
import { answersOf } from './ask-servers.ts';
import type { InspectRequest } from './inspect-request.ts';
import type { BalancerFact, JoinFileFact, KubeconfigView, LineSetting, LineText, MachineCertificate, MachineFacts, PathFact } from './machine-facts.ts';
import type { RawCertificate } from './machine-certificates.ts';
import { certificateFacts, certificatesIn, distinctCertificates } from './machine-certificates.ts';
import type { Discovered } from './parse-discovered.ts';

type Inspected = Omit<MachineFacts, keyof Discovered>;

/** Facts from the answer to `inspectScript`. Throws a plain error for what is no such answer. */
export function parseInspected(answer: string, request: InspectRequest): Inspected {
  const sections = sectionsOf(answer);
  const of = (name: string): string => sections.get(name) ?? '';
  const pems = blocksOf(of('certificates')).map(([path, block]) => [path, certificatesIn(block)] as const);
  const rawKubeconfigs = blocksOf(of('kubeconfigs')).map(([path, block]) => [path, rawKubeconfig(block)] as const);
  const authorities = distinctCertificates([...pems.flatMap(([, found]) => found), ...rawKubeconfigs.flatMap(([, { authorities: found }]) => found)]);
  const servers = linesOf(of('servers')).map((line) => fieldsOf(line, 3));
  return {
    certificates: Object.fromEntries(pems.flatMap(([path, [first]]) => (first === undefined ? [] : [[path, certificateFacts(first, authorities)]]))),
    directories: listings(linesOf(of('directories'))),
    publicKeys: Object.fromEntries(linesOf(of('keys')).map(publicKeyEntry)),
    kubeconfigs: Object.fromEntries(rawKubeconfigs.map(([path, raw]) => [path, kubeconfigView(raw, authorities)])),
    files: pathFacts(request.files, linesOf(of('files'))),
    environmentFiles: Object.fromEntries(blocksOf(of('environment')).map(([path, block]) => [path, linesOf(block).flatMap(environmentLine)])),
    balancers: blocksOf(of('balancers')).map(balancerOf),
    joinFiles: blocksOf(of('joins')).map(joinFileOf),
    names: Object.fromEntries(servers.flatMap(([kind, name = '', found = '']) => (kind === 'name' ? [[name, found.split(' ').filter((word) => word !== '')]] : []))),
    answers: answersOf(servers),
  };
}

/** Blocks that begin with `#NAME`. */
function blocksOf(text: string): readonly (readonly [name: string, block: string])[] {
  return text
    .split(/^#(?=[/a-z])/m)
    .filter((block) => block.includes('\n'))
    .map((block) => [block.slice(0, block.indexOf('\n')), block.slice(block.indexOf('\n') + 1)] as const);
}

/** `12:  server: https://...` as line, key and value. */
function keyed(line: string): { readonly line: number; readonly key: string; readonly value: string } {
  const [, number = '0', key = '', value = ''] = /^(\d+):[- ]*([\w-]+): *(.*)$/.exec(line) ?? [];
  return { line: Number(number), key, value: value.trim().replace(/^["'](.*)["']$/, '$1') };
}

interface RawKubeconfig {
  readonly server: LineText;
  readonly tlsServerName: string;
  readonly skipsVerification: boolean;
  readonly authorities: readonly RawCertificate[];
  readonly client: RawCertificate | undefined;
}

function rawKubeconfig(block: string): RawKubeconfig {
  const entries = linesOf(block).map(keyed);
  const first = (key: string) => entries.find((entry) => entry.key === key && entry.value !== '');
  const server = first('server');
  return {
    server: { text: server?.value ?? '', line: server?.line ?? 0 },
    tlsServerName: first('tls-server-name')?.value ?? '',
    skipsVerification: first('insecure-skip-tls-verify')?.value === 'true',
    authorities: certificatesIn(decodeBase64(first('certificate-authority-data')?.value ?? '')),
    client: certificatesIn(decodeBase64(first('client-certificate-data')?.value ?? ''))[0],
  };
}

function kubeconfigView({ server, tlsServerName, skipsVerification, authorities, client }: RawKubeconfig, all: readonly RawCertificate[]): KubeconfigView {
  const clientCertificate: MachineCertificate | undefined = client && certificateFacts(client, all);
  const fingerprints = authorities.map(({ fingerprint }) => fingerprint);
  return { server: server.text, line: server.line, tlsServerName, skipsVerification, authorities: fingerprints, ...(clientCertificate && { clientCertificate }) };
}

function listings(lines: readonly string[]): Readonly<Record<string, readonly string[]>> {
  const found: Record<string, string[]> = {};
  for (const line of lines) {
    const [directory = '', name = ''] = fieldsOf(line, 2);
    (found[directory] ??= []).push(name);
  }
  return found;
}

const KEY_WORDS: Readonly<Record<string, string>> = { absent: 'there is no such file', unreadable: 'it holds no key', 'no-openssl': 'the machine has no openssl to read it with' };

function publicKeyEntry(line: string): readonly [string, Fact<string>] {
  const [path = '', digest = ''] = fieldsOf(line, 2);
  return [path, /^[0-9a-f]{64}$/.test(digest) ? known(digest) : unknown(KEY_WORDS[digest] ?? 'its answer was not understood')];
}

function pathFacts(paths: readonly string[], lines: readonly string[]): Readonly<Record<string, PathFact>> {
  const facts: Record<string, PathFact> = Object.fromEntries(paths.map((path) => [path, { type: 'absent' }]));
  for (const line of lines) {
    const [kind = '', path = '', digest] = fieldsOf(line, 3);
    if (kind === 'file' || kind === 'directory' || kind === 'other') facts[path] = { type: kind };
    if (kind === 'digest' && digest !== undefined) facts[path] = { type: 'file', sha256: digest };
  }
  return facts;
}

function environmentLine(line: string): readonly LineSetting[] {
  const [, number = '', name = '', value = ''] = /^(\d+):(?:export )?([A-Z0-9_]+)=(.*)$/.exec(line) ?? [];
  return name === '' ? [] : [{ name, value: value.trim().replace(/^["'](.*)["']$/, '$1'), line: Number(number) }];
}

/** haproxy: `server NAME HOST:PORT ...`; nginx: `server HOST:PORT;`. */
function balancerOf([name, block]: readonly [string, string]): BalancerFact {
  const [program = '', path = ''] = fieldsOf(name, 2);
  const upstreams = linesOf(block).flatMap((line) => {
    const [, number = '', words = ''] = /^(\d+): *server (.*)$/.exec(line) ?? [];
    const address = words.replace(/;.*$/, '').split(' ')[program === 'haproxy' ? 1 : 0] ?? '';
    return /^(?:[\w.-]+|\[[0-9a-fA-F:]+\]):\d+$/.test(address) ? [{ text: address, line: Number(number) }] : [];
  });
  return { program, path, upstreams };
}

function joinFileOf([path, block]: readonly [string, string]): JoinFileFact {
  const entries = linesOf(block).map(keyed);
  const find = (key: string): LineText | undefined => {
    const entry = entries.find((candidate) => candidate.key === key);
    return entry && { text: entry.value, line: entry.line };
  };
  const skips = find('unsafeSkipCAVerification');
  return { path, endpoint: find('apiServerEndpoint'), skipsVerification: skips?.text === 'true' ? skips : undefined };
}
