import type { Interruption } from '../context.ts';
import { runCli } from '../run-cli.ts';
import type { Verbs } from '../verbs.ts';

/** A command line run in this process, with what it printed. */
export interface CliRun {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly asked: readonly string[];
}

export interface BenchOptions {
  readonly verbs?: Partial<Verbs>;
  readonly isTerminal?: boolean;
  /** The answer to every question. */
  readonly agrees?: boolean;
  /** The answer to every question for a secret. */
  readonly secret?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly hasReader?: () => boolean;
  readonly interruption?: Interruption;
}

/** Nobody stops the command. */
export const undisturbed: Interruption = { signal: new AbortController().signal, hardSignal: new AbortController().signal, exitCode: () => undefined };

const unexpected = (verb: string) => () => Promise.reject(new Error(`the command was not to load ${verb}`));
const noVerbs: Verbs = {
  clusterFile: unexpected('clusterFile'),
  init: unexpected('init'),
  schema: unexpected('schema'),
  openFleet: unexpected('openFleet'),
  plan: unexpected('plan'),
  check: unexpected('check'),
  lock: unexpected('lock'),
  apply: unexpected('apply'),
  status: unexpected('status'),
  verify: unexpected('verify'),
  audit: unexpected('audit'),
  reset: unexpected('reset'),
  kubeconfig: unexpected('kubeconfig'),
  artifacts: unexpected('artifacts'),
  lab: unexpected('lab'),
};

/** Runs a command line with streams in memory. */
export async function runOnBench(argv: readonly string[], options: BenchOptions = {}): Promise<CliRun> {
  const { verbs, isTerminal = false, agrees = false, secret, env = {}, hasReader = () => true, interruption = undisturbed } = options;
  const stdout: string[] = [];
  const stderr: string[] = [];
  const asked: string[] = [];
  const exitCode = await runCli(argv, {
    streams: {
      stdin: { isTTY: isTerminal },
      stdout: { isTTY: isTerminal, write: (text) => stdout.push(text) },
      stderr: { isTTY: isTerminal, write: (text) => stderr.push(text) },
      env: { TERM: 'dumb', ...env },
      hasReader,
    },
    interruption,
    verbs: { ...noVerbs, ...verbs },
    ask: async (question) => {
      asked.push(question);
      return agrees;
    },
    askSecret: async (question) => {
      asked.push(question);
      return secret;
    },
    takeVariable: (name) => env[name],
    version: '1.2.3',
  });
  return { exitCode, stdout: stdout.join(''), stderr: stderr.join(''), asked };
}
