import { known, unknown } from '../../plan/fact.ts';
import type { Fact } from '../../plan/fact.ts';
import type { AddressFact, FileFact, HostFacts, IdentityFacts, PlatformFacts, ProcessFact, UnitFact } from '../host-facts.ts';
import type { MergedProbes } from '../probe-request.ts';
import { parseGround } from '../ground/parse-ground.ts';
import { parseLedger } from '../ledger/parse-ledger.ts';
import { parsePackages } from '../probes/packages.ts';
import { parseRuns } from '../probes/runs.ts';
import { decodeBase64, fieldsOf, linesOf, sectionsOf, unreadable } from './sections.ts';
import { COMPLETE } from './host-script.ts';
import { parseLock } from './parse-lock.ts';
import { parseCertificateSections, parseKubeconfigSections } from './parse-certificates.ts';

const KIBIBYTE = 1024;
/** How a stat that does not know the name of cgroup2 shows it (statfs(2)). */
const CGROUP2_MAGIC = '63677270';
const CAP_SYS_RESOURCE_BIT = 24n;

/** Facts of a host from the answer of `hostScript` to the same requests. */
export function parseHost(answer: string, probes: MergedProbes): HostFacts {
  const sections = sectionsOf(answer);
  const of = (name: string): string => {
    const text = sections.get(name);
    if (text === undefined) throw unreadable(`it has no section ${name}`);
    return text;
  };
  const platform = parsePlatform(of('platform'), of('modules'));
  const ground = probes.ground ? parseGround(of('ground')) : undefined;
  return {
    identity: parseIdentity(of('identity'), platform.container),
    platform,
    addresses: parseAddresses(of('addresses')),
    files: parseFiles(probes.files, { stat: of('stat'), links: of('links'), digests: of('sha256'), texts: of('texts') }),
    units: parseUnits(of('units'), of('inputs')),
    sysctls: { ...Object.fromEntries(probes.sysctls.map((name) => [name, undefined])), ...parsePairs(of('sysctls')) },
    packages: { ...Object.fromEntries(probes.packages.map((name) => [name, undefined])), ...parsePackages(of('packages')) },
    images: parseImages(of('images')),
    processes: parseProcesses(of('processes')),
    certificates: parseCertificateSections(of('certificates')),
    kubeconfigs: parseKubeconfigSections(of('kubeconfigs')),
    podHosts: Object.fromEntries(linesOf(of('podhosts')).map((line) => podHostsEntry(line))),
    hasEtcdData: of('etcddata').trim() === 'yes',
    runs: parseRuns(of('runs')),
    lock: parseLock(of('lock')),
    ...(ground !== undefined && { ground }),
    ...(probes.ledger && { ledger: parseLedger(of('ledger')) }),
  };
}

function parsePairs(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(linesOf(text).map((line) => fieldsOf(line, 2) as [string, string]));
}

function podHostsEntry(line: string): [string, string] {
  const [path = '', content = ''] = fieldsOf(line, 2);
  return [path.split('/').at(-2) ?? path, decodeBase64(content)];
}

function parseIdentity(text: string, container: string): IdentityFacts {
  const [hostname = '', machineId = '', productUuid = '', ...rest] = text.split('\n');
  const marked = (mark: string) => rest.filter((line) => line.startsWith(`${mark}|`)).map((line) => fieldsOf(line, 3).at(-1) ?? '');
  return { hostname, machineId, productUuid: productUuidFact(productUuid, container), macs: marked('mac'), sshHostKeys: marked('key') };
}

/** Machines in containers see their host's product_uuid: that says nothing about them. */
function productUuidFact(value: string, container: string): Fact<string> {
  if (container !== 'none') return unknown(`in a container (${container}) it is the host's`);
  return value === '' ? unknown('the kernel shows none') : known(value.toLowerCase());
}

function parsePlatform(text: string, modules: string): PlatformFacts {
  const entries = new Map(linesOf(text).map((line) => [line.split('|')[0] ?? '', line.split('|').slice(1)] as const));
  const first = (name: string): string => entries.get(name)?.[0] ?? '';
  const needed = (name: string, form: RegExp): string => {
    if (!form.test(first(name))) throw unreadable(`it says ${JSON.stringify(first(name))} of ${name}`);
    return first(name);
  };
  const number = (name: string): number => Number(needed(name, /^\d+$/));
  const [osId = '', osLike = '', osVersion = '', osName = ''] = entries.get('os') ?? [];
  return {
    osId,
    osLike: osLike.split(' ').filter((word) => word !== ''),
    osVersion,
    osName,
    kernel: needed('kernel', /./),
    architecture: entries.get('kernel')?.[1] ?? '',
    container: needed('container', /^[\w-]+$/),
    cgroup: cgroupOf(needed('cgroup', /./)),
    hasCapSysResource: ((BigInt(`0x${needed('capabilities', /^[0-9a-f]+$/)}`) >> CAP_SYS_RESOURCE_BIT) & 1n) === 1n,
    openFilesHardLimit: first('nofile') === 'unlimited' ? Number.MAX_SAFE_INTEGER : number('nofile'),
    isSwapOn: number('swap') > 0,
    isResolvedActive: first('resolved') === 'active',
    kernelModules: [...new Set(linesOf(modules))].sort(),
    cpus: number('cpus'),
    memoryBytes: number('memory') * KIBIBYTE,
    bootId: first('boot'),
  };
}

/** v1 and hybrid hierarchies are mounted below a tmpfs. */
function cgroupOf(fileSystem: string): PlatformFacts['cgroup'] {
  return fileSystem === 'cgroup2fs' || fileSystem.includes(CGROUP2_MAGIC) ? 'v2' : 'v1';
}

function parseAddresses(text: string): readonly AddressFact[] {
  return linesOf(text).flatMap((line) => {
    const match = /^\d+:\s+(\S+)\s+inet6?\s+([0-9a-f.:]+)\/(\d+)/.exec(line);
    return match === null ? [] : [{ interface: match[1] ?? '', address: match[2] ?? '', prefixLength: Number(match[3]) }];
  });
}

interface FileSections {
  readonly stat: string;
  readonly links: string;
  readonly digests: string;
  readonly texts: string;
}

function parseFiles(paths: readonly string[], sections: FileSections): Readonly<Record<string, FileFact>> {
  const lines = linesOf(sections.stat);
  if (lines.at(-1) !== COMPLETE) throw unreadable('its list of files ends early');
  const stats = new Map(lines.map((line) => [line.split('|')[0] ?? '', line.split('|').slice(1)] as const));
  const links = new Map(linesOf(sections.links).map((line) => [line.split('|')[0] ?? '', line.split('|').slice(1)] as const));
  const digests = new Map(linesOf(sections.digests).map((line) => [line.slice(66), line.slice(0, 64)] as const));
  const texts = new Map(linesOf(sections.texts).map((line) => fieldsOf(line, 2) as [string, string]));
  const facts = paths.map((path) => [path, fileFact(stats.get(path), links.get(path), digests.get(path), texts.get(path))] as const);
  return Object.fromEntries(facts.flatMap(([path, fact]) => (fact === undefined ? [] : [[path, fact]])));
}

/** Undefined where the answer does not tell: neither absent, nor a regular file with its digest, nor a link, nor a directory. */
function fileFact(stat: readonly string[] | undefined, link: readonly string[] | undefined, digest: string | undefined, text: string | undefined): FileFact | undefined {
  if (link !== undefined) return linkFact(link);
  if (stat === undefined) return { type: 'absent' };
  const [kind = '', size = '0', mode = '', owner = ''] = stat;
  if (kind === 'directory') return { type: 'directory', mode, owner };
  if (digest === undefined) return undefined;
  return { type: 'file', sha256: digest, sizeBytes: Number(size), mode, owner, ...(text !== undefined && { text: decodeBase64(text) }) };
}

/** A target may hold a `|` itself; the size, of what it points to, is the last field, empty where it points to nothing. */
function linkFact(fields: readonly string[]): FileFact {
  const size = fields.at(-1) ?? '';
  return { type: 'link', target: fields.slice(0, -1).join('|'), targetSizeBytes: /^\d+$/.test(size) ? Number(size) : undefined };
}

function parseUnits(text: string, inputs: string): Readonly<Record<string, UnitFact>> {
  const started = new Map(linesOf(inputs).map((line) => fieldsOf(line, 2) as [string, string]));
  const blocks = text.split('\n\n').filter((block) => block.trim() !== '');
  return Object.fromEntries(
    blocks.map((block) => {
      const fields = new Map(linesOf(block).map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)] as const));
      const id = fields.get('Id') ?? '';
      const recorded = started.get(id);
      const fact: UnitFact = {
        load: fields.get('LoadState') ?? '',
        active: fields.get('ActiveState') ?? '',
        enabled: fields.get('UnitFileState') ?? '',
        mainPid: Number(fields.get('MainPID') ?? 0),
        ...(recorded !== undefined && { startedWith: decodeBase64(recorded) }),
      };
      return [id, fact];
    }),
  );
}

/** `ctr images ls`: REF TYPE DIGEST SIZE PLATFORMS LABELS; the last line tells that the list is whole. */
function parseImages(text: string): HostFacts['images'] {
  const lines = linesOf(text);
  if (lines.at(-1) !== COMPLETE) return unknown('the container runtime did not answer');
  const rows = lines.slice(1, -1).map((line) => line.trim().split(/\s+/));
  return known(Object.fromEntries(rows.map(([name = '', , digest = '']) => [name, digest])));
}

function parseProcesses(text: string): readonly ProcessFact[] {
  return linesOf(text).flatMap((line) => {
    const [pid = '', ticks = '', encoded = ''] = fieldsOf(line, 3);
    // Without arguments: it ended while it was looked at.
    const args = decodeBase64(encoded).replace(/\0$/, '').split('\0');
    const name = args[0]?.split('/').at(-1) ?? '';
    return name === '' ? [] : [{ name, pid: Number(pid), startTicks: Number(ticks), args }];
  });
}
