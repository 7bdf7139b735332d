import { known, unknown } from '../../plan/fact.ts';
import type { Fact } from '../../plan/fact.ts';
import { decodeBase64, fieldsOf, linesOf, sectionsOf } from '../observe/sections.ts';
import type { ComponentProcess, InterfaceFact, KubeletConfigFact, MachineFacts, MachineIdentity, ManifestFact, UnitSettings } from './machine-facts.ts';
import { parseManifest, utf8Of } from './parse-manifest.ts';
import { yamlLeaves } from './yaml-leaves.ts';

/** What the first look at a machine gives; the second asks for the rest. */
export type Discovered = Pick<MachineFacts, 'identity' | 'interfaces' | 'container' | 'processes' | 'manifests' | 'kubeletConfig' | 'units' | 'marks'>;

/** Facts from the answer to `discoverScript`. Throws a plain error for what is no such answer. */
export function parseDiscovered(answer: string): Discovered {
  const sections = sectionsOf(answer);
  const of = (name: string): string => {
    const text = sections.get(name);
    if (text === undefined) throw new Error(`the answer has no section ${name}`);
    return text;
  };
  const [hostname = '', machineId = '', productUuid = '', container = '', ...keys] = of('identity').split('\n');
  return {
    identity: identityOf({ hostname, machineId, productUuid, container }, keys),
    container: container === '' ? 'none' : container,
    interfaces: interfacesOf(linesOf(of('interfaces'))),
    processes: linesOf(of('processes')).flatMap(processOf),
    manifests: linesOf(of('manifests')).map(manifestOf),
    kubeletConfig: kubeletConfigOf(of('kubelet')),
    units: Object.fromEntries(of('units').split('\n\n').flatMap(unitOf)),
    marks: linesOf(of('marks')),
  };
}

interface IdentityLines {
  readonly hostname: string;
  readonly machineId: string;
  readonly productUuid: string;
  readonly container: string;
}

/** Machines in containers see their host's product_uuid: that says nothing about them. */
function identityOf({ hostname, machineId, productUuid, container }: IdentityLines, keys: readonly string[]): MachineIdentity {
  const uuid =
    container !== 'none' && container !== ''
      ? unknown(`in a container (${container}) it is the host's`)
      : productUuid === ''
        ? unknown('the kernel shows none')
        : known(productUuid.toLowerCase());
  return { hostname, machineId, productUuid: uuid, sshHostKeys: keys.filter((line) => line.startsWith('key|')).map((line) => line.slice('key|'.length)) };
}

function interfacesOf(lines: readonly string[]): readonly InterfaceFact[] {
  const found = new Map<string, { mac: string; addresses: string[]; floating: string[] }>();
  for (const line of lines) {
    const [kind = '', name = '', value = ''] = fieldsOf(line, 3);
    const entry = found.get(name) ?? { mac: '', addresses: [], floating: [] };
    if (kind === 'mac') entry.mac = value;
    else entry.addresses.push(value.toLowerCase());
    if (kind === 'floating') entry.floating.push(value.toLowerCase());
    found.set(name, entry);
  }
  return [...found].map(([name, entry]) => ({ name, ...entry }));
}

function processOf(line: string): readonly ComponentProcess[] {
  const [pid = '', ticks = '', unit = '', args = '', environment = ''] = fieldsOf(line, 5);
  const words = decodeBase64(args).split('\0').slice(0, -1);
  if (words.length === 0) return [];
  const variables = linesOf(decodeBase64(environment)).map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)] as const);
  return [
    { component: words[0]?.split(':')[0]?.split('/').at(-1) ?? '', pid: Number(pid), startTicks: Number(ticks), unit, args: words, environment: Object.fromEntries(variables) },
  ];
}

function manifestOf(line: string): ManifestFact {
  const [kind = '', encodedPath = '', size = '', content = ''] = fieldsOf(line, 4);
  const path = decodeBase64(encodedPath);
  if (kind === 'dangling') return { path, type: 'broken', why: 'it is a link to no regular file' };
  if (kind !== 'file') return { path, type: 'broken', why: 'it is no regular file' };
  return parseManifest({ path, sizeBytes: Number(size), bytes: Buffer.from(content, 'base64') });
}

function kubeletConfigOf(section: string): Fact<KubeletConfigFact> {
  const [line] = linesOf(section);
  if (line === undefined) return unknown('no kubelet configuration was found');
  const [path = '', size = '', content = ''] = fieldsOf(line, 3);
  const bytes = Buffer.from(content, 'base64');
  if (bytes.length < Number(size)) return unknown(`${path} has ${size} bytes: that is no kubelet configuration`);
  const text = utf8Of(bytes);
  if (text === undefined) return unknown(`${path} is not UTF-8 text`);
  const parsed = yamlLeaves(text);
  if ('why' in parsed) return unknown(`${path}: ${parsed.why}`);
  return known({ path, fields: Object.fromEntries(parsed.leaves.map((leaf) => [leaf.path, { text: leaf.value, line: leaf.line }])) });
}

/** `systemctl show`: `EnvironmentFiles=/etc/etcd.env (ignore_errors=no)`, one line a file; addresses with prefix lengths. */
function unitOf(block: string): readonly (readonly [string, UnitSettings])[] {
  const values = (name: string): readonly string[] => linesOf(block).flatMap((line) => (line.startsWith(`${name}=`) ? [line.slice(name.length + 1)] : []));
  const [id] = values('Id');
  if (id === undefined) return [];
  const environmentFiles = values('EnvironmentFiles').map((entry) => entry.replace(/ \(ignore_errors=\w+\)$/, ''));
  const allowedAddresses = values('IPAddressAllow').flatMap((entry) =>
    entry
      .split(' ')
      .filter((word) => word !== '')
      .map((word) => word.replace(/\/(?:32|128)$/, '')),
  );
  return [[id, { environmentFiles: environmentFiles.filter((path) => path !== ''), allowedAddresses }]];
}
