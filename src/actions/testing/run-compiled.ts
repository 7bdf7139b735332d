import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseMarker } from '../../shell/markers.ts';
import type { Marker } from '../../shell/markers.ts';
import type { LedgerFacts } from '../../facts/ledger/ledger-facts.ts';
import { LEDGER_STATE } from '../../facts/ledger/ledger-script.ts';
import { parseLedger } from '../../facts/ledger/parse-ledger.ts';
import { AUTHORITY_FILE, CLUSTER_TREES, RUNTIME_SOCKET, TASKS_DIR } from '../../shell/ledger-shell.ts';
import { STATE_DIR, STORE_DIR } from '../../shell/remote-paths.ts';
import type { Planned } from '../../plan/plan.ts';
import type { Action } from '../action.ts';
import { compileActions } from '../compile.ts';
import { inputName } from '../kind.ts';

const NONCE = 'abc123';
const RUN_ID = 'run-7';
const TREES = new RegExp(CLUSTER_TREES.map((tree) => `(?<![\\w/.-])${tree}(?=[ ;])`).join('|'), 'g');

export interface LedgerLine {
  readonly path: string;
  readonly what: string;
  readonly sha256: string;
  readonly existed: boolean;
  readonly backup: string;
  readonly was: string;
  readonly run: string;
}

export interface CompiledRun {
  readonly exitCode: number | null;
  readonly markers: readonly Marker[];
  /** Lines of programs, without markers. */
  readonly output: readonly string[];
}

/** A directory that stands for a host: this tool's own directories are moved below it, and programs that must not run for real are stood in for. */
export class FakeRoot {
  readonly path = mkdtempSync(join(inMemory(), 'kw-actions-'));
  readonly #inputs = join(this.path, 'in');
  readonly #bin = join(this.path, 'bin');
  readonly #lacking = new Set<string>();
  /** The name that scripts are told. */
  cluster = '';
  #hidesProcesses = false;

  constructor() {
    for (const directory of [this.#inputs, this.#bin, this.at('proc', 'sys', 'net'), this.at('usr', 'sbin')]) mkdirSync(directory, { recursive: true });
    mkdirSync(this.at('state', 'backup'), { recursive: true, mode: 0o700 });
    writeFileSync(this.at('state', 'ledger.jsonl'), '', { mode: 0o600 });
  }

  /** A host that no script of this tool has changed: the first one writes down what was there before. */
  forgetLedger(): void {
    rmSync(this.at('state'), { recursive: true });
  }

  at(...parts: readonly string[]): string {
    return join(this.path, ...parts);
  }

  /** A program of this name that runs this shell instead, its arguments noted in `calls`. */
  standIn(name: string, shell = ':'): void {
    this.#lacking.delete(name);
    writeFileSync(join(this.#bin, name), `#!/bin/sh\nprintf '%s\\n' "${name} $*" >> ${this.at('calls')}\n${shell}\n`);
    chmodSync(join(this.#bin, name), 0o755);
  }

  /** Has scripts that ask for this program find none, wherever it is on this machine. */
  lacks(name: string): void {
    this.#lacking.add(name);
  }

  /** Has scripts see the processes, mounts and containers that are below this directory, and end none for real: `end-process` stands for that. */
  hidesProcesses(): void {
    this.#hidesProcesses = true;
  }

  calls(): readonly string[] {
    return linesOf(this.read('calls'));
  }

  read(...parts: readonly string[]): string {
    return readFileSync(this.at(...parts), 'utf8');
  }

  /** What was changed, without the directories that were made. */
  ledger(): readonly LedgerLine[] {
    return this.wholeLedger().filter(({ what }) => what !== 'directory');
  }

  wholeLedger(): readonly LedgerLine[] {
    return linesOf(this.read('state', 'ledger.jsonl')).map((line) => JSON.parse(line) as LedgerLine);
  }

  /** The script as the host would get it, its directories below this one. */
  scriptOf(actions: readonly Planned<Action>[]): string {
    const { script } = compileActions(actions, this.cluster);
    return [...this.#lacking]
      .reduce((shell, name) => shell.replaceAll(`command -v ${name} `, 'false '), this.#below(script))
      .replace(/^export PATH=.*$/m, `export PATH=${this.#path()}`);
  }

  /** The ledger, held against what is below this directory. */
  ledgerFacts(): LedgerFacts {
    const { stdout } = spawnSync('sh', ['-c', this.#below(LEDGER_STATE, true)], { encoding: 'utf8', env: { PATH: this.#path() } });
    return parseLedger(stdout);
  }

  #path(): string {
    return `${this.#bin}:/usr/bin:/bin`;
  }

  #below(shell: string, hidesProcesses = this.#hidesProcesses): string {
    const below = shell
      .replaceAll(STATE_DIR, this.at('state'))
      .replaceAll(TREES, (tree) => this.at(tree))
      .replaceAll(STORE_DIR, this.at('store'))
      .replaceAll(AUTHORITY_FILE, this.at(AUTHORITY_FILE))
      .replaceAll(/\/(proc\/sys|usr\/sbin|sys\/class)\//g, `${this.path}/$1/`);
    return hidesProcesses ? this.#hidden(below) : below;
  }

  /** Sees no process of this machine: there may be many. */
  #hidden(shell: string): string {
    return shell
      .replaceAll(/(?<![\w-])\/(proc\/\[0-9\]\*|proc\/self\/|proc\/\$pid\/|sys\/fs\/cgroup\/|run\/netns\/)/g, `${this.path}/$1`)
      .replaceAll(TASKS_DIR, this.at(TASKS_DIR))
      .replaceAll(RUNTIME_SOCKET, this.at(RUNTIME_SOCKET))
      .replaceAll('kill -9', 'end-process');
  }

  /** Runs the actions for real, as one step. */
  run(actions: readonly Planned<Action>[], values: Readonly<Record<string, string>> = {}): CompiledRun {
    const { status, stdout } = spawnSync('sh', this.#prepare(actions, values), { ...this.#options, encoding: 'utf8' });
    return runOf(status, stdout);
  }

  /** The same beside a server of this process. */
  async runBeside(actions: readonly Planned<Action>[]): Promise<CompiledRun> {
    const child = spawn('sh', this.#prepare(actions, {}), { ...this.#options, stdio: ['ignore', 'pipe', 'ignore'] });
    let stdout = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => void (stdout += text));
    const [status] = (await once(child, 'close')) as [number | null];
    return runOf(status, stdout);
  }

  get #options(): { readonly env: NodeJS.ProcessEnv; readonly cwd: string } {
    return { env: { KW_IN: this.#inputs, KW_NONCE: NONCE, KW_RUN: RUN_ID, HOME: this.path }, cwd: '/' };
  }

  #prepare(actions: readonly Planned<Action>[], values: Readonly<Record<string, string>>): string[] {
    for (const input of compileActions(actions).inputs) writeFileSync(join(this.#inputs, inputName(input)), values['text' in input ? input.text : input.slot] ?? '');
    return ['-c', `exec 2>&1\n${this.scriptOf(actions)}`];
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

function runOf(status: number | null, stdout: string): CompiledRun {
  const lines = linesOf(stdout).map((line) => ({ line, marker: parseMarker(line, NONCE) }));
  return { exitCode: status, markers: lines.flatMap(({ marker }) => marker ?? []), output: lines.flatMap(({ line, marker }) => (marker === undefined ? [line] : [])) };
}

/** Scripts wait until what they write is on a disk: a busy one makes tests wait for seconds, and tells nothing more. */
function inMemory(): string {
  const memory = '/dev/shm';
  return existsSync(memory) ? memory : tmpdir();
}

function linesOf(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '');
}
