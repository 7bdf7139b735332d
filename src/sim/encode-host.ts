import { COMPLETE } from '../facts/observe/host-script.ts';
import type { CertificateFact, FileFact, HostFacts, KubeconfigFact, LockFact, PlatformFacts, RunFact, UnitFact } from '../facts/host-facts.ts';
import { encodeRunName } from '../shell/run-name.ts';
import { certificatePem } from './certificate-der.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const lines = (all: readonly string[]): string => all.map((line) => `${line}\n`).join('');
const CAP_SYS_RESOURCE = 1n << 24n;
const KIBIBYTE = 1024;
const CLOCK_SECONDS = 1_000_000;

/** What a script asked for, as far as an answer would show it: bytes, certificates and kubeconfigs are of these files alone, and of a unit that is not there it is told too. */
export interface Asked {
  readonly texts: readonly string[];
  readonly units: readonly string[];
  readonly certificates: readonly string[];
  readonly kubeconfigs: readonly string[];
}

/** Read from the script itself, of which nothing else is understood. */
export function askedBy(script: string): Asked {
  const words = (pattern: RegExp): readonly string[] => pattern.exec(script)?.[1]?.split(' ') ?? [];
  const eachOf = (section: string): readonly string[] => words(new RegExp(`"${section}":"'; \\{ for f in (.*?); do`));
  return {
    texts: eachOf('texts'),
    units: words(/systemctl show --no-pager -p [\w,]+ (.*?) 2>\/dev\/null/),
    certificates: eachOf('certificates'),
    kubeconfigs: eachOf('kubeconfigs'),
  };
}

const NOT_FOUND: UnitFact = { load: 'not-found', active: 'inactive', enabled: '', mainPid: 0 };

/** The answer of a machine with these facts, and this answer about its ledger, to `hostScript`: what `parseHost` reads. Files that were not asked for are passed over there. */
export function encodeHost(facts: HostFacts, asked: Asked, ledger = ''): string {
  const { units } = asked;
  const texts = new Set(asked.texts);
  const unitFacts = Object.entries({ ...Object.fromEntries(units.map((unit) => [unit, NOT_FOUND])), ...facts.units });
  const files = Object.entries(facts.files).filter(([, file]) => file.type !== 'absent' && file.type !== 'later');
  const sections: Readonly<Record<string, string>> = {
    identity: identity(facts),
    platform: platform(facts.platform),
    modules: lines(facts.platform.kernelModules),
    addresses: lines(facts.addresses.map(({ interface: name, address, prefixLength }, index) => `${index + 1}: ${name}    inet ${address}/${prefixLength} scope global ${name}`)),
    stat: lines([...files.map(([path, file]) => `${path}|${stat(file)}`), COMPLETE]),
    links: lines(files.flatMap(([path, file]) => (file.type === 'link' ? [`${path}|${file.target}|${file.targetSizeBytes ?? ''}`] : []))),
    sha256: lines(files.flatMap(([path, file]) => (file.type === 'file' ? [`${file.sha256}  ${path}`] : []))),
    texts: lines(files.flatMap(([path, file]) => (file.type === 'file' && file.text !== undefined && texts.has(path) ? [`${path}|${base64(file.text)}`] : []))),
    units: unitFacts
      .map(([id, unit]) => lines([`MainPID=${unit.mainPid}`, `Id=${id}`, `LoadState=${unit.load}`, `ActiveState=${unit.active}`, `UnitFileState=${unit.enabled}`]))
      .join('\n'),
    inputs: lines(Object.entries(facts.units).flatMap(([id, { startedWith }]) => (startedWith === undefined ? [] : [`${id}|${base64(startedWith)}`]))),
    sysctls: pairs(facts.sysctls),
    packages: lines(Object.entries(facts.packages).flatMap(([name, version]) => (version === undefined ? [] : [`${name}|installed|${version}`]))),
    images: facts.images.state === 'known' ? lines(['REF TYPE DIGEST', ...Object.entries(facts.images.value).map(([name, digest]) => `${name} manifest ${digest}`), COMPLETE]) : '',
    processes: lines(facts.processes.map(({ pid, startTicks, args }) => `${pid}|${startTicks}|${base64(`${args.join('\0')}\0`)}`)),
    certificates: only(facts.certificates, asked.certificates)
      .map(([path, certificate]) => `#${path}\n${certificatePem(certificate)}`)
      .join(''),
    kubeconfigs: only(facts.kubeconfigs, asked.kubeconfigs)
      .map(([path, kubeconfig]) => `#${path}\n${kubeconfigLines(kubeconfig)}`)
      .join(''),
    podhosts: lines(Object.entries(facts.podHosts).map(([uid, text]) => `/var/lib/kubelet/pods/${uid}/etc-hosts|${base64(text)}`)),
    // What preflight asks: simulated machines are fit.
    ground: '',
    etcddata: facts.hasEtcdData ? 'yes\n' : '',
    ledger,
    runs: lines(facts.runs.map(run)),
    lock: facts.lock === undefined ? '' : lock(facts.lock),
  };
  return JSON.stringify(Object.fromEntries(Object.entries(sections).map(([name, text]) => [name, base64(text)])));
}

function only<T>(map: Readonly<Record<string, T>>, keys: readonly string[]): readonly (readonly [string, T])[] {
  return keys.flatMap((key) => (map[key] === undefined ? [] : [[key, map[key]] as const]));
}

function identity({ identity: { hostname, machineId, productUuid, macs, sshHostKeys } }: HostFacts): string {
  const uuid = productUuid.state === 'known' ? productUuid.value : '';
  return lines([hostname, machineId, uuid, ...macs.map((mac) => `mac|eth0|${mac}`), ...sshHostKeys.map((key) => `key|${key}`)]);
}

function platform(facts: PlatformFacts): string {
  return lines([
    `os|${facts.osId}|${facts.osLike.join(' ')}|${facts.osVersion}|${facts.osName}`,
    `kernel|${facts.kernel}|${facts.architecture}`,
    `container|${facts.container}`,
    `cgroup|${facts.cgroup === 'v2' ? 'cgroup2fs' : 'tmpfs'}`,
    `capabilities|${(facts.hasCapSysResource ? CAP_SYS_RESOURCE : 0n).toString(16)}`,
    `nofile|${facts.openFilesHardLimit}`,
    `swap|${facts.isSwapOn ? 1 : 0}`,
    `resolved|${facts.isResolvedActive ? 'active' : ''}`,
    `cpus|${facts.cpus}`,
    `memory|${Math.floor(facts.memoryBytes / KIBIBYTE)}`,
    `boot|${facts.bootId}`,
  ]);
}

function stat(file: FileFact): string {
  if (file.type === 'file') return `regular file|${file.sizeBytes}|${file.mode}|${file.owner}`;
  return file.type === 'directory' ? `directory|4096|${file.mode}|${file.owner}` : 'symbolic link|1|777|root:root';
}

function pairs(values: Readonly<Record<string, string | undefined>>): string {
  return lines(Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [`${name}|${value}`])));
}

function kubeconfigLines({ server, clientCertificate }: KubeconfigFact): string {
  const certificate = (fact: CertificateFact): string => `certificate|${base64(certificatePem(fact))}`;
  return lines([`server|${server}`, ...(clientCertificate === undefined ? [] : [certificate(clientCertificate)])]);
}

function run({ runId, stepId, token, state, exitCode }: RunFact): string {
  return `${encodeRunName(runId)} ${encodeRunName(stepId)} ${token} ${state} ${exitCode ?? ''}`;
}

/** The lock file as the host's lock program writes it, and the host's clock after it. */
function lock({ token, runId, owner, since, expires, isHeld }: LockFact): string {
  const until = isHeld ? CLOCK_SECONDS + 1 : 0;
  return lines([JSON.stringify({ token, runId, until, holder: { runId, token, owner, since, expires } }), String(CLOCK_SECONDS)]);
}
