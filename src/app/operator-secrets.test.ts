import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { SecretSource } from '../model/cluster.ts';
import { loginSlot } from '../planning/files/registries.ts';
import { sha256 } from '../util/sha256.ts';
import { judgeOf, operatorSecrets, whyMissing } from './operator-secrets.ts';

const directory = mkdtempSync(join(tmpdir(), 'kw-secrets-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const file = (name: string, text?: string): SecretSource => {
  const path = join(directory, name);
  if (text !== undefined) writeFileSync(path, text);
  return { from: 'file', path };
};

describe('a secret', () => {
  it.each<readonly [source: string, secret: SecretSource, why: RegExp | undefined]>([
    ['a file with a line end', file('good', 'hunter2\n'), undefined],
    ['no file', file('absent'), /absent does not exist$/],
    ['an empty file', file('empty', '\n'), /empty is empty$/],
    ['a file of two lines', file('two', 'a\nb\n'), /two is not one printable line$/],
    ['a directory', { from: 'file', path: directory }, /cannot be read \(EISDIR\)$/],
    ['a variable', { from: 'environment', variable: 'PATH' }, undefined],
    ['no variable', { from: 'environment', variable: 'KW_NO_SUCH_VARIABLE' }, /^KW_NO_SUCH_VARIABLE is not set$/],
  ])('%s', (_source, secret, why) => {
    const answer = whyMissing(secret);
    expect(answer ?? '').toMatch(why ?? /^$/);
    expect(answer ?? '').not.toContain('hunter2');
  });
});

describe('a login', () => {
  const secrets = operatorSecrets({ logins: new Map([['r.example.com:5000', { username: 'ops', password: file('password', 'hunter2\n') }]]) });
  const slot = loginSlot('r.example.com:5000');

  it('is what HTTP calls Basic, without the line end of its file', () => {
    expect(Buffer.from(secrets.get(slot.slot) ?? []).toString()).toBe(Buffer.from('ops:hunter2').toString('base64'));
  });

  it('is found in what a host holds, and another is not', () => {
    const isContent = judgeOf(secrets);
    const parts = ['login: ', slot, '\n'];
    expect(isContent(parts, sha256(`login: ${Buffer.from('ops:hunter2').toString('base64')}\n`))).toBe(true);
    expect(isContent(parts, sha256('login: other\n'))).toBe(false);
    expect(isContent([loginSlot('other.example.com')], sha256(''))).toBe(false);
  });
});
