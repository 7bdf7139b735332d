import { bareHost } from '../facts/bare-host.ts';
import type { CertificateFact, FileFact, HostFacts, KubeconfigFact, LockFact, ProcessFact, UnitFact } from '../facts/host-facts.ts';
import { CONTROL_PLANE_COMPONENTS, KUBELET_CONFIG, KUBELET_FLAGS, manifestPath } from '../facts/kubernetes-paths.ts';
import { inputsRecord } from '../facts/unit-inputs.ts';
import { known, unknown } from '../plan/fact.ts';
import { CONTAINERD_UNIT } from '../planning/files/runtime.ts';
import { KUBELET_UNIT } from '../planning/files/kubelet.ts';
import { RECORD_INPUTS } from '../shell/remote-paths.ts';
import { sha256 } from '../util/sha256.ts';
import type { SimJob } from './sim-job.ts';

const ABSENT: FileFact = { type: 'absent' };
const STOPPED: UnitFact = { load: 'loaded', active: 'inactive', enabled: 'disabled', mainPid: 0 };
/** Settings that every kernel has; the bridge's comes with its module. */
const SYSCTLS = { 'net.ipv4.ip_forward': '0', 'net.netfilter.nf_conntrack_max': '262144', 'net.bridge.bridge-nf-call-iptables': '0' };

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
    this.#put({ [path]: { type: 'file', sha256: sha256(text), sizeBytes: Buffer.byteLength(text), mode: path === '/etc/hosts' ? '644' : mode, owner, text } });
  }

  remove(...paths: readonly string[]): void {
    this.#put(Object.fromEntries(paths.map((path) => [path, ABSENT])));
    const without = <T>(map: Readonly<Record<string, T>>): Readonly<Record<string, T>> => Object.fromEntries(Object.entries(map).filter(([path]) => !paths.includes(path)));
    this.facts = { ...this.facts, certificates: without(this.facts.certificates), kubeconfigs: without(this.facts.kubeconfigs) };
  }

  paths(prefix: string): readonly string[] {
    return Object.keys(this.facts.files).filter((path) => path.startsWith(prefix) && this.has(path));
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

  /** The power goes: what ran ends where it was, and what was in memory is gone. */
  cut(): void {
    this.isUp = false;
    for (const job of this.jobs) job.die();
    this.jobs = [];
    for (const unit of Object.keys(this.facts.units)) this.stop(unit);
  }

  /** The power is back: enabled units start. */
  boot(): void {
    this.isUp = true;
    this.#boots += 1;
    this.facts = { ...this.facts, platform: { ...this.facts.platform, bootId: `${this.name}-${this.#boots}` } };
    for (const [unit, { enabled }] of Object.entries(this.facts.units)) if (enabled === 'enabled') this.start(unit);
  }

  /** Command line of a static pod; empty where there is none. */
  command(component: (typeof CONTROL_PLANE_COMPONENTS)[number]): readonly string[] {
    const text = this.text(manifestPath(component));
    return text === ''
      ? []
      : ((JSON.parse(text) as { readonly spec: { readonly containers: readonly { readonly command: readonly string[] }[] } }).spec.containers[0]?.command ?? []);
  }

  #put(files: Readonly<Record<string, FileFact>>): void {
    this.facts = { ...this.facts, files: { ...this.facts.files, ...files } };
  }

  #setUnit(unit: string, fact: UnitFact): void {
    this.facts = { ...this.facts, units: { ...this.facts.units, [unit]: fact } };
  }

  /** The files that the unit's own `ExecStartPre` names, as the unit and its drop-ins have it. */
  #recordOf(unit: string): string | undefined {
    const definition = this.paths(`/etc/systemd/system/${unit}`).map((path) => this.text(path));
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
