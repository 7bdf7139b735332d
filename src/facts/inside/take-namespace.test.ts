import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { takeNamespace } from './take-namespace.ts';

/** An API server that knows one namespace, as the file `there`: RUN|THROUGH|CREATED|DELETED. */
const KUBECTL = `kubectl() {
  echo "$*" >> "$API/calls"
  case "$*" in
    *' create '*) [ ! -e "$API/there" ] || { echo AlreadyExists >&2; return 1; }; printf 'mine|cp-1|%s|' "$NOW" > "$API/there" ;;
    *' get namespace '*) cat "$API/there" ;;
    *' delete namespaces '*" kubewright.dev/run=$(cut -d'|' -f1 "$API/there")") rm "$API/there" ;;
    *) return 9 ;;
  esac
}`;

let api: string;
beforeEach(() => (api = mkdtempSync(join(tmpdir(), 'take-'))));
afterEach(() => rmSync(api, { recursive: true }));

const secondsAgo = (seconds: number): string => new Date(Date.now() - seconds * 1000).toISOString();

function take(there?: string) {
  if (there !== undefined) writeFileSync(join(api, 'there'), there);
  const script = `${KUBECTL}\n${takeNamespace({ runId: 'mine', through: 'cp-1' })}`;
  const { status, stdout } = spawnSync('sh', ['-c', script], { env: { PATH: process.env['PATH'], API: api, NOW: secondsAgo(0), KW_IN: api }, encoding: 'utf8' });
  const left = existsSync(join(api, 'there')) ? readFileSync(join(api, 'there'), 'utf8') : '';
  return { status, stdout, owner: left.split('|')[0], deletes: readFileSync(join(api, 'calls'), 'utf8').includes(' delete ') };
}

it('makes the namespace where there is none', () => expect(take()).toEqual({ status: 0, stdout: '', owner: 'mine', deletes: false }));

it('leaves that of a verification that is at work through another control plane, and says whose it is', () => {
  const since = secondsAgo(100);
  expect(take(`other|cp-2|${since}|`)).toEqual({ status: 75, stdout: `other|cp-2|${since}\n`, owner: 'other', deletes: false });
});

it.each([
  ['has stood for too long', `other|cp-2|${secondsAgo(130)}|`],
  ['goes already', `other|cp-2|${secondsAgo(10)}|${secondsAgo(1)}`],
  ['was left by one through this same control plane', `other|cp-1|${secondsAgo(10)}|`],
])('takes one away that %s', (_what, there) => expect(take(there)).toEqual({ status: 0, stdout: '', owner: 'mine', deletes: true }));
