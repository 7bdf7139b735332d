import type { LabContext } from '../app/lab.ts';
import type { LabListJson } from '../contract/lab-list.ts';
import type { Paint } from '../render/paint.ts';
import { renderTable } from '../render/table.ts';
import type { CliContext } from './context.ts';
import { exitWith } from './context.ts';
import type { CommonFlags } from './flags.ts';
import { answer, say } from './terminal.ts';

export interface LabFlags extends CommonFlags {
  readonly name: string;
}

export interface LabUpFlags extends LabFlags {
  readonly controlPlanes: number;
  readonly workers: number;
  readonly subnet?: string;
}

/** The lab is optional where a machine is named: one lab alone needs no name. */
export interface LabChoiceFlags extends CommonFlags {
  readonly name?: string;
}

/** `lab up`. */
export async function up(this: CliContext, flags: LabUpFlags): Promise<void> {
  const { upLab } = await this.verbs.lab();
  const { name, controlPlanes, workers, subnet } = flags;
  show(this, await upLab({ name, controlPlanes, workers, subnet }, runIn(this)));
  if (this.terminal.format === 'text') say(this.terminal, `next: kubewright lab cluster-file --name ${name} > cluster.yaml`);
}

/** `lab down`. */
export async function down(this: CliContext, { name }: LabFlags): Promise<void> {
  const { downLab } = await this.verbs.lab();
  const left = await downLab(name, runIn(this));
  // The progress has said already that the lab is gone.
  if (this.terminal.format === 'json') show(this, left);
}

/** `lab list`. */
export async function list(this: CliContext, { name }: LabChoiceFlags): Promise<void> {
  const { listLabs } = await this.verbs.lab();
  show(this, await listLabs(name));
}

/** `lab ssh`. */
export async function ssh(this: CliContext, { name }: { readonly name?: string }, machine = '', ...argv: readonly string[]): Promise<void> {
  const { sshToMachine } = await this.verbs.lab();
  exitWith(this, await sshToMachine({ machine, lab: name }, argv));
}

/** `lab cluster-file`. */
export async function clusterFile(this: CliContext, { name }: { readonly name: string }): Promise<void> {
  const { clusterFileOfLab } = await this.verbs.lab();
  this.terminal.stdout.write(await clusterFileOfLab(name));
}

/** `lab start`. */
export async function start(this: CliContext, { name }: LabChoiceFlags, machine: string): Promise<void> {
  const { startMachine } = await this.verbs.lab();
  show(this, await startMachine({ machine, lab: name }, runIn(this)));
}

/** `lab stop`. */
export async function stop(this: CliContext, { name }: LabChoiceFlags, machine: string): Promise<void> {
  const { stopMachine } = await this.verbs.lab();
  show(this, await stopMachine({ machine, lab: name }, runIn(this)));
}

/** `lab cut`. */
export async function cut(this: CliContext, { name }: LabChoiceFlags, machine: string): Promise<void> {
  const { cutMachine } = await this.verbs.lab();
  show(this, await cutMachine({ machine, lab: name }, runIn(this)));
}

/** `lab partition`. */
export async function partition(this: CliContext, { name }: LabChoiceFlags, machine: string): Promise<void> {
  const { partitionMachine } = await this.verbs.lab();
  show(this, await partitionMachine({ machine, lab: name }, runIn(this)));
}

/** `lab heal`. */
export async function heal(this: CliContext, { name }: LabChoiceFlags, machine: string): Promise<void> {
  const { healMachine } = await this.verbs.lab();
  show(this, await healMachine({ machine, lab: name }, runIn(this)));
}

/** `lab save`. */
export async function save(this: CliContext, { name }: LabFlags): Promise<void> {
  const { saveLab } = await this.verbs.lab();
  show(this, await saveLab(name, runIn(this)));
}

/** `lab restore`. */
export async function restore(this: CliContext, { name }: LabFlags): Promise<void> {
  const { restoreLab } = await this.verbs.lab();
  show(this, await restoreLab(name, runIn(this)));
}

function runIn({ terminal, interruption }: CliContext): LabContext {
  return { signal: interruption.signal, onProgress: (line) => say(terminal, line) };
}

function show({ terminal }: CliContext, machines: LabListJson): void {
  answer(terminal, machines, renderMachines);
}

function renderMachines({ machines }: LabListJson, paint: Paint): string {
  if (machines.length === 0) return 'no lab machines; make some with: kubewright lab up\n';
  const rows = machines.map(({ lab, name, address, state, pid }) => [lab, name, address, state, pid === null ? '' : String(pid)]);
  return renderTable(['lab', 'name', 'address', 'state', 'pid'], rows, paint);
}
