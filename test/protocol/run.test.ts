import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { parseRuns, runsShell } from '../../src/facts/probes/runs.ts';
import type { Host, RunEvent } from '../../src/hosts/host.ts';
import type { OpenSshHosts } from '../../src/hosts/open-ssh-hosts.ts';
import type { HostBench } from './host-bench.ts';
import { collect, containing, exitCodeOf, linesOf, request, startHostBench } from './host-bench.ts';

const MIB = 1024 * 1024;
let bench: HostBench;
let opened: OpenSshHosts & { readonly host: Host };
let count = 0;
const { signal } = new AbortController();
/** A step of its own for each test, since a run that is there is not started again. */
const step = (): string => `cp-1/step-${(count += 1)}`;

beforeAll(async () => {
  bench = await startHostBench();
});
afterAll(() => bench.close());
beforeEach(() => {
  opened = bench.open();
});
afterEach(() => opened[Symbol.asyncDispose]());

async function until(events: AsyncIterator<RunEvent>, line: string): Promise<void> {
  for (let next = await events.next(); !next.done; next = await events.next()) if (next.value.type === 'output' && next.value.line === line) return;
  throw new Error(`the run ended before ${line}`);
}

async function rest(events: AsyncIterator<RunEvent>): Promise<readonly RunEvent[]> {
  const all: RunEvent[] = [];
  for (let next = await events.next(); !next.done; next = await events.next()) all.push(next.value);
  return all;
}

/** A script that says `ready`, then waits for the file `go` (10 s at most). */
function waiting(go: string): string {
  return `echo ready; n=0; until [ -e ${go} ] || [ $n -ge 500 ]; do n=$((n+1)); sleep 0.02; done`;
}

function filesWith(value: string): string {
  return execFileSync('sh', ['-c', `grep -rlaF -- '${value}' ${bench.layout.runDir} ${bench.layout.stateDir} || true`], { encoding: 'utf8' });
}

test.each(['detached', 'attached'] as const)('a %s run gives markers, lines, slots and the exit code, in one round trip', async (mode) => {
  const script = `kw_started 0; echo one; printf two; kw_finished 0; kw_started 1; cat "$KW_IN/blob" | kw_slot out; kw_finished 1; echo "$KW_RUN"; printf last; exit 255`;
  const events = await collect(opened.host.run(request(script, { mode, stepId: step(), inputs: new Map([['blob', Uint8Array.of(0, 13, 10, 255)]]) }), signal));
  expect(events).toEqual([
    { type: 'action.started', index: 0 },
    { type: 'output', index: 0, line: 'one' },
    { type: 'output', index: 0, line: 'two' },
    { type: 'action.finished', index: 0 },
    { type: 'action.started', index: 1 },
    { type: 'slot.provided', slot: 'out', bytes: Buffer.from([0, 13, 10, 255]) },
    { type: 'action.finished', index: 1 },
    { type: 'output', index: undefined, line: 'r-1' },
    { type: 'output', index: undefined, line: 'last' },
    { type: 'exited', exitCode: 255 },
  ]);
  expect(opened.host.traffic().roundTrips).toBe(1);
});

test.each(['detached', 'attached'] as const)('a script (%s) has an empty environment, no standard input, private files', async (mode) => {
  const script = `cat; umask; env | sed 's/=.*//' | sort | tr '\\n' ' '; echo; stat -c %a "$KW_IN" "$KW_IN/a"; [ -s "$KW_IN/empty" ]; echo $?`;
  const events = await collect(
    opened.host.run(
      request(script, {
        mode,
        stepId: step(),
        inputs: new Map([
          ['a', Buffer.from('x')],
          ['empty', new Uint8Array()],
        ]),
      }),
      signal,
    ),
  );
  expect(linesOf(events)).toEqual(['0077', 'HOME KW_IN KW_NONCE KW_RUN PATH PWD ', '700', '600', '1']);
});

test.each(['detached', 'attached'] as const)('a secret of a %s run is in no argument and no file afterwards', async (mode) => {
  const secret = 'Sesame-0pen-4711';
  const go = join(bench.root, `go-${mode}`);
  const running = opened.host
    .run(request(`${waiting(go)}; [ "$(cat $KW_IN/key)" = "$(cat ${go})" ]`, { mode, stepId: step(), inputs: new Map([['key', Buffer.from(secret)]]) }), signal)
    [Symbol.asyncIterator]();
  await until(running, 'ready');
  expect(execFileSync('ps', ['axeww', '-o', 'args'], { encoding: 'utf8' })).not.toContain(secret);
  expect(filesWith(secret)).not.toBe('');
  writeFileSync(go, secret);
  expect(exitCodeOf(await rest(running))).toBe(0);
  expect(filesWith(secret)).toBe('');
});

test('a detached run leaves its result, without script and inputs', async () => {
  const stepId = step();
  await collect(opened.host.run(request('echo done', { stepId, inputs: new Map([['a', Buffer.from('x')]]) }), signal));
  const dir = join(bench.layout.runDir, 'runs', 'r-1', stepId.replace('/', '_2f'));
  expect(readdirSync(dir).sort()).toEqual(['exit', 'meta.json', 'out', 'params', 'pid', 'runner']);
  expect(JSON.parse(readFileSync(join(dir, 'meta.json'), 'utf8'))).toMatchObject({
    runId: 'r-1',
    stepId,
    token: 1,
    startedAt: expect.stringMatching(/^20.*Z$/) as unknown,
    unit: `kubewright-r-1-${stepId.replace('/', '_2f')}.service`,
  });
  expect(parseRuns(execFileSync('sh', ['-c', runsShell(bench.layout)], { encoding: 'utf8' }))).toContainEqual({ runId: 'r-1', stepId, token: 1, state: 'ended', exitCode: 0 });
});

test('a run that is there is followed, not started again', async () => {
  const stepId = step();
  const log = join(bench.root, 'log');
  const again = request(`echo once >> ${log}; echo words; exit 3`, { stepId });
  const first = await collect(opened.host.run(again, signal));
  expect(await collect(opened.host.run(again, signal))).toEqual(first);
  expect(await collect(opened.host.follow({ runId: 'r-1', stepId }, signal))).toEqual(first);
  expect(readFileSync(log, 'utf8')).toBe('once\n');
});

test.each(['detached', 'attached'] as const)('a %s request cut off while it is sent does nothing by halves', async (mode) => {
  const log = join(bench.root, `halves-${mode}`);
  let received = 0;
  bench.server.onReceived = (bytes) => {
    received += bytes;
    if (received > MIB && received - bytes <= MIB) bench.server.cut();
  };
  const inputs = new Map([['big', new Uint8Array(4 * MIB)]]);
  const events = await collect(opened.host.run(request(`stat -c %s "$KW_IN/big" >> ${log}`, { mode, stepId: step(), inputs }), signal));
  bench.server.onReceived = () => undefined;
  expect(exitCodeOf(events)).toBe(0);
  expect(opened.host.traffic().roundTrips).toBe(2);
  expect(readFileSync(log, 'utf8')).toBe(`${4 * MIB}\n`);
  expect(readdirSync(join(bench.layout.runDir, mode === 'detached' ? 'new' : 'attached'))).toEqual([]);
});

test('large output comes whole and in order', async () => {
  const lines = linesOf(await collect(opened.host.run(request('seq 1 300000; printf end', { stepId: step() }), signal)));
  expect(lines.length).toBe(300_001);
  expect(lines[299_999]).toBe('300000');
  expect(lines.at(-1)).toBe('end');
});

test('a connection cut in mid-run is taken up again, nothing lost, nothing twice', async () => {
  const go = join(bench.root, 'go-cut');
  const running = opened.host.run(request(`seq 1 1000; ${waiting(go)}; seq 1001 2000; exit 9`, { stepId: step() }), signal)[Symbol.asyncIterator]();
  await until(running, 'ready');
  bench.server.refuse(2);
  bench.server.cut();
  writeFileSync(go, '');
  const events = await rest(running);
  expect(linesOf(events)).toEqual(Array.from({ length: 1000 }, (_, index) => String(1001 + index)));
  expect(exitCodeOf(events)).toBe(9);
});

test('a host that stays away is given up after the time for it, and its script goes on', async () => {
  await using brief = bench.open({}, 600);
  const [stepId, go] = [step(), join(bench.root, 'go-away')];
  const running = brief.host.run(request(`${waiting(go)}; exit 4`, { stepId }), signal)[Symbol.asyncIterator]();
  await until(running, 'ready');
  bench.server.refuse(Infinity);
  bench.server.cut();
  await expect(rest(running)).rejects.toMatchObject({ code: 'host-unreachable', retry: 'safe' });
  bench.server.refuse(0);
  writeFileSync(go, '');
  expect(exitCodeOf(await collect(opened.host.follow({ runId: 'r-1', stepId }, signal)))).toBe(4);
});

test('a machine that restarted meanwhile is told as such', async () => {
  const stepId = step();
  const running = opened.host.run(request('echo ready; sleep 1', { stepId }), signal)[Symbol.asyncIterator]();
  await until(running, 'ready');
  execFileSync('rm', ['-rf', join(bench.layout.runDir, 'runs')]);
  bench.server.cut();
  await expect(rest(running)).rejects.toMatchObject({ code: 'step-failed', retry: 'safe', message: containing('the machine restarted meanwhile') });
});

test('a tool killed in mid-run: another process follows from the first line', async () => {
  const [stepId, go] = [step(), join(bench.root, 'go-killed')];
  const requestFile = join(bench.root, 'request.json');
  const { script } = request(`kw_started 0; ${waiting(go)}; echo after; kw_finished 0; exit 2`);
  writeFileSync(requestFile, JSON.stringify({ target: bench.target, layout: bench.layout, stepId, script }));
  const { startKilledTool } = await import('./killed-tool.ts');
  await startKilledTool(requestFile, 'ready');
  expect(parseRuns(execFileSync('sh', ['-c', runsShell(bench.layout)], { encoding: 'utf8' }))).toContainEqual({ runId: 'r-1', stepId, token: 1, state: 'running' });
  const following = collect(opened.host.follow({ runId: 'r-1', stepId }, signal));
  writeFileSync(go, '');
  expect(await following).toEqual([
    { type: 'action.started', index: 0 },
    { type: 'output', index: 0, line: 'ready' },
    { type: 'output', index: 0, line: 'after' },
    { type: 'action.finished', index: 0 },
    { type: 'exited', exitCode: 2 },
  ]);
});

test('an abort ends the following, not the script', async () => {
  const [stepId, go] = [step(), join(bench.root, 'go-abort')];
  const controller = new AbortController();
  const running = opened.host.run(request(`${waiting(go)}; echo after`, { stepId }), controller.signal)[Symbol.asyncIterator]();
  await until(running, 'ready');
  controller.abort();
  await expect(rest(running)).rejects.toMatchObject({ code: 'interrupted', message: containing('goes on there') });
  writeFileSync(go, '');
  expect(linesOf(await collect(opened.host.follow({ runId: 'r-1', stepId }, signal)))).toEqual(['ready', 'after']);
});

test.each(['detached', 'attached'] as const)('a %s script that does not end in its time is stopped', async (mode) => {
  const run = collect(opened.host.run(request('echo begun; sleep 30', { mode, stepId: step(), deadlineMs: 1000 }), signal));
  await expect(run).rejects.toMatchObject({ code: 'step-failed', message: containing('did not end in its time') });
});

test('a runner killed outright leaves neither secret nor script, and is told as stopped', async () => {
  const stepId = step();
  const dir = join(bench.layout.runDir, 'runs', 'r-1', stepId.replace('/', '_2f'));
  const running = opened.host.run(request('echo ready; exec sleep 5', { stepId, inputs: new Map([['a', Buffer.from('x')]]) }), signal)[Symbol.asyncIterator]();
  await until(running, 'ready');
  process.kill(Number(readFileSync(join(dir, 'pid'), 'utf8')), 'SIGKILL');
  await expect(rest(running)).rejects.toMatchObject({ code: 'step-failed', retry: 'safe', message: containing('was stopped from outside') });
  expect(existsSync(join(dir, 'in')) || existsSync(join(dir, 'script'))).toBe(false);
});

test('two scripts on one host never run at once', async () => {
  const log = join(bench.root, 'serial');
  const script = `echo in >> ${log}; sleep 0.2; echo out >> ${log}`;
  const runs = (['detached', 'attached', 'detached'] as const).map((mode) => collect(opened.host.run(request(script, { mode, stepId: step() }), signal)));
  await Promise.all(runs);
  expect(readFileSync(log, 'utf8')).toBe('in\nout\n'.repeat(3));
});

test('old results go when a run of a higher number starts, the last twenty stay', async () => {
  const runs = join(bench.layout.runDir, 'runs');
  for (let number = 100; number < 125; number += 1) keepRun(join(runs, `r-${number}`), number, true);
  keepRun(join(runs, 'r-unfinished'), 90, false);
  keepRun(join(runs, 'r-later'), 999, true);
  await collect(opened.host.run(request(':', { fence: { runId: 'r-now', token: 200 } }), signal));
  const kept = readdirSync(runs);
  expect(kept).toEqual(expect.arrayContaining(['r-now', 'r-124', 'r-110', 'r-unfinished', 'r-later']));
  expect(kept).not.toContain('r-104');
  expect(kept).not.toContain('r-100');
});

/** A run's directory as it stays on a host, the older the lower its number. */
function keepRun(dir: string, number: number, ended: boolean): void {
  mkdirSync(join(dir, 'step'), { recursive: true });
  writeFileSync(join(dir, 'step', 'params'), `x ${number} n 60\n`);
  if (ended) writeFileSync(join(dir, 'step', 'exit'), 'exited 0\n');
  utimesSync(dir, number, number);
}
