import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Planned } from '../../plan/plan.ts';
import { sha256 } from '../../util/sha256.ts';
import type { Action } from '../action.ts';
import { DRIFTED_EXIT } from '../kind.ts';
import { FakeRoot } from '../testing/run-compiled.ts';

vi.setConfig({ testTimeout: 60_000 });

const NAME = 'kw-static-pod';
const SIGKILL = 9;
const OLD = 'old manifest\n';
const NEW = 'new manifest\n';

let root: FakeRoot;
let running: ChildProcess[];
beforeEach(() => {
  root = new FakeRoot();
  running = [];
  root.standIn('chown');
  root.standIn('crictl');
  root.standIn('journalctl');
  writeFileSync(root.at('pod.yaml'), OLD, { mode: 0o600 });
  copyFileSync('/bin/sleep', root.at(NAME));
});
afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
  root.remove();
});

/** A process of the component's name; a word that begins with dashes would be none of sleep's. */
function start(...words: readonly string[]): ChildProcess {
  spawnSync('chmod', ['+x', root.at(NAME)]);
  const child = spawn(root.at(NAME), ['60', ...words], { stdio: 'ignore' });
  running.push(child);
  return child;
}

const pod = (change: Partial<Extract<Action, { kind: 'static-pod' }>> = {}): Planned<Action> => ({
  role: 'goal',
  action: {
    kind: 'static-pod',
    component: NAME,
    path: root.at('pod.yaml'),
    mode: '600',
    owner: 'root:root',
    content: { text: sha256(NEW) },
    was: { sha256: sha256(OLD), text: OLD },
    flags: ['61'],
    ...change,
  },
});
const run = (action: Planned<Action>) => root.run([action], { [sha256(NEW)]: NEW });

it('writes the manifest and waits for the process that was started with it', () => {
  start('61');
  expect(run(pod())).toMatchObject({ exitCode: 0 });
  expect(readFileSync(root.at('pod.yaml'), 'utf8')).toBe(NEW);
});

/** As a kubelet does: when the first has ended, one with the new manifest's flags is started. */
function startThenAgain(): void {
  spawnSync('chmod', ['+x', root.at(NAME)]);
  running.push(spawn('sh', ['-c', `"$1" 60 & wait $!; echo $? > "$2"; exec "$1" 60 61`, 'sh', root.at(NAME), root.at('ended')], { stdio: 'ignore' }));
}

it('kills what runs once the manifest is in place, and ends well though it is gone', () => {
  startThenAgain();
  // Until the first runs there is nothing to kill.
  spawnSync('sh', ['-c', `until pgrep -x ${NAME} > /dev/null; do :; done`]);
  expect(run(pod({ kill: 'a test' }))).toMatchObject({ exitCode: 0 });
  expect(root.read('ended').trim()).toBe(String(128 + SIGKILL));
});

it('changes nothing where the manifest has become another, and lets everything run', () => {
  const child = start();
  writeFileSync(root.at('pod.yaml'), 'edited\n');
  expect(run(pod({ kill: 'a test' })).exitCode).toBe(DRIFTED_EXIT);
  expect(readFileSync(root.at('pod.yaml'), 'utf8')).toBe('edited\n');
  expect(readFileSync(`/proc/${child.pid}/stat`, 'utf8')).toMatch(/\) [SR] /);
});

it('takes no other program for its own whose name begins with the same 15 letters', () => {
  const [wanted, other] = ['kw-static-pod-of-one', 'kw-static-pod-of-another'];
  copyFileSync('/bin/sleep', root.at(other));
  spawnSync('chmod', ['+x', root.at(other)]);
  running.push(spawn(root.at(other), ['60', '61'], { stdio: 'ignore' }));
  root.standIn('date', `n=$(cat ${root.at('now')} 2>/dev/null || echo 0); echo $((n + 100)) | tee ${root.at('now')}`);
  expect(wanted.slice(0, 15)).toBe(other.slice(0, 15));
  expect(run(pod({ component: wanted }))).toMatchObject({ exitCode: 1 });
});
