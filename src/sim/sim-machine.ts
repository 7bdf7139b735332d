import { bareHost } from '../facts/bare-host.ts';
import type { CertificateFact, FileFact, HostFacts, KubeconfigFact, LockFact, ProcessFact, UnitFact } from '../facts/host-facts.ts';
import { CONTROL_PLANE_COMPONENTS, KUBELET_CONFIG, KUBELET_FLAGS, manifestPath } from '../facts/kubernetes-paths.ts';
import { inputsRecord } from '../facts/unit-inputs.ts';
import { known, unknown } from '../plan/fact.ts';
import { CONTAINERD_UNIT } from '../planning/files/runtime.ts';
import { KUBELET_UNIT } from '../planning/files/kubelet.ts';
import { RECORD_INPUTS, STORE_DIR } from '../shell/remote-paths.ts';
import { sha256 } from '../util/sha256.ts';
import { NO_LINES } from './ledger-on-disk.ts';
import type { SimLedger } from './ledger-on-disk.ts';
import type { SimJob } from './sim-job.ts';

const ABSENT: FileFact = { type: 'absent' };
const STOPPED: UnitFact = { load: 'loaded', active: 'inactive', enabled: 'disabled', mainPid: 0 };
/** Settings that every kernel has; the bridge's comes with its module. */
const SYSCTLS = { 'kernel.panic': '0', 'net.ipv4.ip_forward': '0', 'net.netfilter.nf_conntrack_max': '262144', 'net.bridge.bridge-nf-call-iptables': '0' };
/** What the kubelet and kube-proxy set by themselves. */
const SYSCTLS_OF_KUBERNETES = { 'kernel.panic': '10', 'net.netfilter.nf_conntrack_max': '131072' };
const UNITS_DIR = '/etc/systemd/system';
const DIRECTORIES: ReadonlySet<string> = new Set(
  [UNITS_DIR, '/etc/sysctl.d', '/etc/modules-load.d', '/opt', '/run', '/usr/local/bin', '/usr/local/lib', '/usr/libexec', '/var/lib', '/var/log'].flatMap(withAbove),
);

/** What is in memory and no fact: it is gone with the power. */
export interface SimMemory {
  /** Network interfaces. */
  readonly links: ReadonlySet<string>;
  /** Chains of the packet filter. */
  readonly chains: ReadonlySet<string>;
  /** Containers of Kubernetes. */
  readonly containers: number;
}

/** What others make at each boot. */
const AT_BOOT: SimMemory = { links: new Set(['docker0', 'eth0']), chains: new Set(['DOCKER']), containers: 0 };

/** The path and those of the directories above it. */
function withAbove(path: string): readonly string[] {
  return path.split('/').flatMap((_name, index, names) => (index === 0 ? [] : [names.slice(0, index + 1).join('/')]));
}

const above = (path: string): string => path.slice(0, path.lastIndexOf('/'));

interface FileKind {
  readonly mode?: string;
  readonly owner?: string;
}

/** A machine of the simulation: its disk as facts, what runs on it, and whether it has power. */
export class SimMachine {
  readonly name: string;
  readonly address: string;
  isUp = true;
  /** What lies on the disk and what units do. Processes, runs and the lock follow from the rest: see `observed`. */
  facts: HostFacts;
  /** Whose data lies in `/var/lib/etcd`. */
  etcdMemberId: string | undefined;
  /** Whether the kubelet, since it was started, has made its Node object: it does so once. */
  hasRegistered = false;
  /** Those above a file are there. */
  directories = DIRECTORIES;
  memory = AT_BOOT;
  ledger: SimLedger = NO_LINES;
  readonly blobs = new Set<string>();
  readonly store = new Set<string>();
  jobs: readonly SimJob[] = [];
  lock: (Omit<LockFact, 'isHeld'> & { readonly untilMs: number }) | undefined;
  #boots = 1;
  #pids = 100;

  constructor(name: string, address: string) {
    this.name = name;
    this.address = address;
    const bare = bareHost(name);
    this.facts = {
      ...bare,
      identity: { ...bare.identity, machineId: `machine-${name}`, productUuid: known(`uuid-${name}`), macs: [`02:${name}`], sshHostKeys: [`ssh-ed25519 ${name}`] },
      platform: { ...bare.platform, bootId: `${name}-1`, memoryBytes: 4 * 1024 ** 3 },
      addresses: [{ interface: 'eth0', address, prefixLength: 16 }],
      sysctls: SYSCTLS,
    };
    this.write('/etc/hosts', `127.0.0.1 localhost\n127.0.1.1 ${name}\n`);
  }

  /** What a look at everything shows. */
  observed(nowMs: number): HostFacts {
    const { lock } = this;
    return {
      ...this.facts,
      images: this.isRunning(CONTAINERD_UNIT) ? this.facts.images : unknown('the container runtime did not answer'),
      hasEtcdData: this.etcdMemberId !== undefined,
      processes: this.#processes(),
      runs: this.jobs.map((job) => job.fact()),
      lock: lock && { ...lock, isHeld: lock.untilMs > nowMs },
    };
  }

  file(path: string): FileFact {
    return this.facts.files[path] ?? ABSENT;
  }

  has(path: string): boolean {
    return this.file(path).type !== 'absent';
  }

  /** Bytes of a file; empty where there is none. */
  text(path: string): string {
    const file = this.file(path);
    return file.type === 'file' ? (file.text ?? '') : '';
  }

  write(path: string, text: string, { mode = '600', owner = 'root:root' }: FileKind = {}): void {
    this.makeDirectory(above(path));
    this.put({ [path]: { type: 'file', sha256: sha256(text), sizeBytes: Buffer.byteLength(text), mode: path === '/etc/hosts' ? '644' : mode, owner, text } });
  }

  remove(...paths: readonly string[]): void {
    if (paths.length === 0) return;
    this.put(Object.fromEntries(paths.map((path) => [path, ABSENT])));
    const without = <T>(map: Readonly<Record<string, T>>): Readonly<Record<string, T>> => Object.fromEntries(Object.entries(map).filter(([path]) => !paths.includes(path)));
    this.facts = { ...this.facts, certificates: without(this.facts.certificates), kubeconfigs: without(this.facts.kubeconfigs) };
  }

  paths(prefix: string): readonly string[] {
    return Object.keys(this.facts.files).filter((path) => path.startsWith(prefix) && this.has(path));
  }

  makeDirectory(path: string): void {
    if (!this.directories.has(path)) this.directories = new Set([...this.directories, ...withAbove(path)]);
  }

  /** How much lies in a directory, all that is below it counted. */
  countBelow(path: string): number {
    const inside = (place: string): boolean => place.startsWith(`${path}/`);
    return [...this.directories].filter(inside).length + this.paths(`${path}/`).length + this.#onlyIn(path).filter(({ isThere }) => isThere).length;
  }

  emptyDirectory(path: string): void {
    this.remove(...this.paths(`${path}/`));
    for (const { remove } of this.#onlyIn(path)) remove();
    this.directories = new Set([...this.directories].filter((directory) => !directory.startsWith(`${path}/`)));
  }

  removeDirectory(path: string): void {
    this.directories = new Set([...this.directories].filter((directory) => directory !== path));
  }

  /** What files do not tell of what lies below a directory. */
  #onlyIn(path: string): readonly { readonly isThere: boolean; readonly remove: () => void }[] {
    const { images } = this.facts;
    const all = [
      { at: '/var/lib/etcd/member', isThere: this.etcdMemberId !== undefined, remove: () => (this.etcdMemberId = undefined) },
      {
        at: '/var/lib/containerd/images',
        isThere: images.state === 'known' && Object.keys(images.value).length > 0,
        remove: () => (this.facts = { ...this.facts, images: known({}) }),
      },
      { at: STORE_DIR, isThere: this.store.size > 0, remove: () => this.store.clear() },
    ];
    return all.filter(({ at }) => at.startsWith(`${path}/`));
  }

  /** What the runtime, the kubelet and its pods make by themselves while they run. */
  fill(): void {
    if (this.isRunning(CONTAINERD_UNIT) && this.has(`${UNITS_DIR}/${CONTAINERD_UNIT}`)) for (const path of ['/run/containerd', '/var/lib/containerd']) this.makeDirectory(path);
    if (!this.hasKubelet || this.memory.containers > 0) return;
    for (const path of ['/etc/cni/net.d', '/run/flannel', '/var/lib/cni', '/var/lib/kubelet/pods', '/var/log/pods']) this.makeDirectory(path);
    const { links, chains } = this.memory;
    this.memory = { links: new Set([...links, 'cni0', 'flannel.1']), chains: new Set([...chains, 'KUBE-FORWARD', 'FLANNEL-FWD']), containers: 2 };
    this.set(SYSCTLS_OF_KUBERNETES);
  }

  set(sysctls: HostFacts['sysctls']): void {
    this.facts = { ...this.facts, sysctls: { ...this.facts.sysctls, ...sysctls } };
  }

  certify(path: string, certificate: CertificateFact): void {
    this.write(path, `certificate ${path} of ${certificate.subject}\n`);
    this.facts = { ...this.facts, certificates: { ...this.facts.certificates, [path]: certificate } };
  }

  configure(path: string, kubeconfig: KubeconfigFact, secret = ''): void {
    this.write(path, `server: ${kubeconfig.server}\n${secret}`);
    this.facts = { ...this.facts, kubeconfigs: { ...this.facts.kubeconfigs, [path]: kubeconfig } };
  }

  isRunning(unit: string): boolean {
    return this.isUp && this.facts.units[unit]?.active === 'active';
  }

  /** A kubelet that has its configuration; without it the unit fails and is started again and again. */
  get hasKubelet(): boolean {
    return this.isRunning(KUBELET_UNIT) && this.isRunning(CONTAINERD_UNIT) && this.has(KUBELET_CONFIG);
  }

  /** Starts the unit's process anew: what its `ExecStartPre` records are the inputs as they are. */
  start(unit: string): void {
    const now = this.facts.units[unit] ?? STOPPED;
    const startedWith = this.#recordOf(unit);
    this.#pids += 1;
    this.#setUnit(unit, { ...now, load: 'loaded', active: 'active', mainPid: this.#pids, ...(startedWith !== undefined && { startedWith }) });
    if (unit === KUBELET_UNIT) this.hasRegistered = false;
  }

  stop(unit: string): void {
    const { startedWith: _gone, ...now } = this.facts.units[unit] ?? STOPPED;
    this.#setUnit(unit, { ...now, active: 'inactive', mainPid: 0 });
  }

  enable(unit: string, isEnabled = true): void {
    this.#setUnit(unit, { ...(this.facts.units[unit] ?? STOPPED), enabled: isEnabled ? 'enabled' : 'disabled' });
  }

  /** The power goes: what ran ends where it was, and what was in memory is gone. */
  cut(): void {
    this.isUp = false;
    this.memory = AT_BOOT;
    this.emptyDirectory('/run');
    this.set(SYSCTLS);
    for (const job of this.jobs) job.die();
    this.jobs = [];
    for (const unit of Object.keys(this.facts.units)) this.stop(unit);
  }

  /** The power is back: settings are as their files say, and enabled units start. */
  boot(): void {
    this.isUp = true;
    this.#boots += 1;
    this.facts = { ...this.facts, platform: { ...this.facts.platform, bootId: `${this.name}-${this.#boots}` } };
    const settings = this.paths('/etc/sysctl.d/').flatMap((path) => [...this.text(path).matchAll(/^(\S+) = (.*)$/gm)]);
    this.set(Object.fromEntries(settings.map(([, name = '', value = '']) => [name, value])));
    for (const [unit, { enabled }] of Object.entries(this.facts.units)) if (enabled === 'enabled' && this.has(`${UNITS_DIR}/${unit}`)) this.start(unit);
  }

  /** Command line of a static pod; empty where there is none. */
  command(component: (typeof CONTROL_PLANE_COMPONENTS)[number]): readonly string[] {
    const text = this.text(manifestPath(component));
    return text === ''
      ? []
      : ((JSON.parse(text) as { readonly spec: { readonly containers: readonly { readonly command: readonly string[] }[] } }).spec.containers[0]?.command ?? []);
  }

  put(files: Readonly<Record<string, FileFact>>): void {
    this.facts = { ...this.facts, files: { ...this.facts.files, ...files } };
  }

  /** Becomes what the other machine is; both have the same name. */
  becomeCopyOf(other: SimMachine): void {
    const { facts, etcdMemberId, hasRegistered, directories, memory, ledger, jobs, lock } = other;
    Object.assign(this, { facts, etcdMemberId, hasRegistered, directories, memory, ledger, jobs, lock });
    for (const digest of other.blobs) this.blobs.add(digest);
    for (const digest of other.store) this.store.add(digest);
    this.#boots = other.#boots;
    this.#pids = other.#pids;
  }

  #setUnit(unit: string, fact: UnitFact): void {
    this.facts = { ...this.facts, units: { ...this.facts.units, [unit]: fact } };
  }

  /** The files that the unit's own `ExecStartPre` names, as the unit and its drop-ins have it. */
  #recordOf(unit: string): string | undefined {
    const definition = this.paths(`${UNITS_DIR}/${unit}`).map((path) => this.text(path));
    const [, words] = new RegExp(`^ExecStartPre=-${RECORD_INPUTS} ${unit} (.*)$`, 'm').exec(definition.join('\n')) ?? [];
    return words === undefined ? undefined : inputsRecord(words.split(' ').map((path) => [path, this.file(path)]));
  }

  #processes(): readonly ProcessFact[] {
    if (!this.isUp) return [];
    const flags = /"(.*)"/.exec(this.text(KUBELET_FLAGS))?.[1]?.split(' ') ?? [];
    const kubelet = this.hasKubelet ? [['/usr/local/bin/kubelet', `--config=${KUBELET_CONFIG}`, ...flags]] : [];
    const pods = this.hasKubelet ? CONTROL_PLANE_COMPONENTS.map((component) => this.command(component)).filter(({ length }) => length > 0) : [];
    return [...kubelet, ...pods].map((args, index) => ({ name: args[0]?.split('/').at(-1) ?? '', pid: 1000 + index, startTicks: this.#boots, args }));
  }
}
