import { expect, it } from 'vitest';
import type { ApplyContext } from '../app/apply-cluster.ts';
import { eventSchema } from '../contract/event.ts';
import type { Interruption } from './context.ts';
import { runOnBench } from './testing/cli-bench.ts';
import { plannedWorld } from './testing/planned-cluster.ts';

type Emitted = Parameters<ApplyContext['emit']>[0];
type Body<T> = T extends unknown ? Omit<T, 'seq' | 'time'> : never;

const prepare = { step: 'cp-1/prepare', title: 'prepare the machine' };

function emitAll({ emit }: ApplyContext, ...bodies: readonly Body<Emitted>[]): void {
  bodies.forEach((body, index) => emit({ seq: index + 1, time: '2026-01-01T00:00:00.000Z', ...body }));
}

/** The time it took is the one thing that differs from run to run. */
const timeless = (text: string): string => text.replace(/Took [\d.]+s/, 'Took TIME');

const wholeRun = async (context: ApplyContext) => {
  emitAll(
    context,
    { type: 'run.started', steps: 2 },
    { type: 'step.started', ...prepare },
    { type: 'step.finished', ...prepare, durationMs: 900 },
    { type: 'run.finished', result: 'succeeded', stepsRun: 2, durationMs: 61_000 },
  );
  return {};
};

it('shows the plan in short, what happens, what it took and what to do next', async () => {
  const { verbs, calls } = plannedWorld({ carryOut: wholeRun });
  const { exitCode, stdout, stderr } = await runOnBench(['apply', '--yes', '-f', 'prod.yaml'], { verbs });
  expect({ exitCode, stderr, calls }).toEqual({ exitCode: 0, stderr: '', calls: ['read prod.yaml', 'open', 'plan', 'apply', 'close'] });
  expect(timeless(stdout)).toMatchInlineSnapshot(`
    "cluster demo: 2 steps
      cp-1  prepare the machine; create the cluster
    begun   prepare the machine
    done    prepare the machine  0.9s
    succeeded: 2 steps in 1m 01s
    Took TIME in all
    journal: /journals/1.jsonl

    HOST  ROUND TRIPS  SENT    RECEIVED
    cp-1  3            1.2 MB  5.6 kB

    next:
      kubewright verify -f prod.yaml
      kubewright kubeconfig -f prod.yaml --out kubeconfig
      kubectl --kubeconfig kubeconfig get nodes
    "
  `);
});

it('says that there is nothing to do, and asks nothing then', async () => {
  const { verbs } = plannedWorld({ steps: [] });
  const { exitCode, stdout, asked } = await runOnBench(['apply'], { verbs });
  expect({ exitCode, asked }).toEqual({ exitCode: 0, asked: [] });
  expect(timeless(stdout)).toMatchInlineSnapshot(`
    "nothing to do: all is as the cluster file says. Took TIME in all

    HOST  ROUND TRIPS  SENT    RECEIVED
    cp-1  3            1.2 MB  5.6 kB

    next:
      kubewright verify
      kubewright kubeconfig --out kubeconfig
      kubectl --kubeconfig kubeconfig get nodes
    "
  `);
});

it('needs --yes where nobody can answer', async () => {
  const { verbs, calls } = plannedWorld();
  const { exitCode, stderr } = await runOnBench(['apply'], { verbs });
  expect({ exitCode, calls }).toEqual({ exitCode: 2, calls: ['read default', 'open', 'plan', 'close'] });
  expect(stderr).toMatchInlineSnapshot(`
    "error: apply asks before it changes machines, and nobody can answer here [usage]
    next: look at kubewright plan, then run apply with --yes
    "
  `);
});

it.each([
  [true, 0, true],
  [false, 130, false],
])('asks on a terminal: %s', async (agrees, code, isApplied) => {
  const { verbs, calls } = plannedWorld();
  const { exitCode, asked, stdout } = await runOnBench(['apply'], { verbs, agrees, isTerminal: true });
  expect({ exitCode, asked }).toEqual({ exitCode: code, asked: ['Carry this out?'] });
  expect(calls.includes('apply')).toBe(isApplied);
  expect(stdout.includes('nothing was changed')).toBe(!isApplied);
});

it('does not ask in the midst of JSON', async () => {
  const { verbs } = plannedWorld();
  expect(await runOnBench(['apply', '-o', 'json'], { verbs, isTerminal: true })).toMatchObject({ exitCode: 2, asked: [] });
});

it('writes one event per line as JSON, and nothing else', async () => {
  const { verbs } = plannedWorld({ carryOut: wholeRun });
  const { stdout } = await runOnBench(['apply', '--yes', '-o', 'json'], { verbs });
  const events = stdout
    .trimEnd()
    .split('\n')
    .map((line) => eventSchema.parse(JSON.parse(line)));
  expect(events.map(({ type }) => type)).toEqual(['run.started', 'step.started', 'step.finished', 'run.finished']);
});

it('gives the exit code of the run, and says what to do', async () => {
  const { verbs } = plannedWorld({ carryOut: async () => ({ result: 'failed', exitCode: 6 }) });
  const { exitCode, stdout } = await runOnBench(['apply', '--yes'], { verbs });
  expect(exitCode).toBe(6);
  expect(stdout).toContain('next: mend what is named above, then run kubewright apply again');
});

it('proposes the same command again, in words that a shell takes', async () => {
  const { verbs } = plannedWorld({ carryOut: async () => ({ result: 'failed', exitCode: 6 }) });
  const { stdout } = await runOnBench(['apply', '--yes', '-f', 'my cluster.yaml', '--source', 'bundle:/a b', '--allow', 'swap-on=w-1,os-untried'], { verbs });
  expect(stdout).toContain("kubewright apply -f 'my cluster.yaml' --source 'bundle:/a b' --allow swap-on=w-1 --allow os-untried again");
});

it('names the steps that are left out', async () => {
  const { verbs } = plannedWorld({ refused: [{ id: 'w-1/join', why: 'w-1 was not reached' }], warnings: ['cluster.yaml:3:1: two control planes'] });
  const { stderr } = await runOnBench(['apply', '--yes'], { verbs });
  expect(stderr).toBe('cluster.yaml:3:1: two control planes\nleft out w-1/join: w-1 was not reached\n');
});

it.each([
  ['text', 'stdout'],
  ['json', 'stderr'],
] as const)('passes a warning of the run on as a line beside the events: %s', async (format, stream) => {
  const { verbs } = plannedWorld({
    carryOut: async ({ onWarning }) => {
      onWarning('the journal cannot be written');
      return {};
    },
  });
  const run = await runOnBench(['apply', '--yes', '-o', format], { verbs });
  expect(run).toMatchObject({ exitCode: 0, [stream]: expect.stringContaining('the journal cannot be written\n') });
});

it('says what a stop waits for, and ends with the code of the signal', async () => {
  const soft = new AbortController();
  const hard = new AbortController();
  const interruption: Interruption = { signal: soft.signal, hardSignal: hard.signal, exitCode: () => 143 };
  const { verbs } = plannedWorld({
    carryOut: async (context) => {
      emitAll(context, { type: 'run.started', steps: 2 }, { type: 'step.started', ...prepare });
      soft.abort();
      hard.abort();
      return { result: 'cancelled', exitCode: 130 };
    },
  });
  const { exitCode, stdout } = await runOnBench(['apply', '--yes'], { verbs, interruption });
  expect(exitCode).toBe(143);
  expect(stdout).toContain('stopping: nothing new starts; waiting for prepare the machine. Ctrl-C again leaves that to the machines\nleft: what runs ends on its machine');
  expect(stdout).toContain('next: kubewright apply goes on from what is there');
});
