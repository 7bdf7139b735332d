import { rmSync, writeFileSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { CliContext } from './context.ts';
import { sudoPasswordFor } from './sudo-password.ts';
import { undisturbed } from './testing/cli-bench.ts';

const directory = mkdtempSync(join(tmpdir(), 'kw-sudo-'));
afterAll(() => rmSync(directory, { recursive: true }));

function file(text: string): string {
  const path = join(mkdtempSync(join(directory, 'of-')), 'password');
  writeFileSync(path, text);
  return path;
}

function surroundings({ typed, canAskSecret = true }: { readonly typed?: string; readonly canAskSecret?: boolean } = {}) {
  const asked: string[] = [];
  const env: Record<string, string> = { SUDO: 'from the environment', NONE: '' };
  const context = {
    interruption: undisturbed,
    terminal: { canAskSecret },
    askSecret: async (question: string) => {
      asked.push(question);
      return typed;
    },
    takeVariable: (name: string) => env[name],
  };
  return { asked, context: context as unknown as CliContext };
}

const users =
  (...names: readonly string[]) =>
  () =>
    names;
const MIXED = users('root', 'ops', 'admin', 'ops');

describe('the password for sudo', () => {
  it('is asked for once, with the users whose it is', async () => {
    const { asked, context } = surroundings({ typed: 'typed' });
    expect(await sudoPasswordFor(MIXED, { askSudoPassword: true }, context)).toBe('typed');
    expect(asked).toEqual(['sudo password of ops, admin']);
  });

  it('is the first line of a file, byte for byte but for its end, or a variable', async () => {
    const { asked, context } = surroundings();
    expect(await sudoPasswordFor(MIXED, { sudoPasswordFile: file(' from a file \r\nsecond line\n') }, context)).toBe(' from a file ');
    expect(await sudoPasswordFor(MIXED, { sudoPasswordEnv: 'SUDO' }, context)).toBe('from the environment');
    expect(asked).toEqual([]);
  });

  it('is wanted of nobody where nobody needs it, or none is given', async () => {
    const { asked, context } = surroundings();
    expect(await sudoPasswordFor(users('root', 'root'), { askSudoPassword: true }, context)).toBeUndefined();
    expect(await sudoPasswordFor(MIXED, {}, context)).toBeUndefined();
    expect(asked).toEqual([]);
  });

  it.each([
    ['two sources', { askSudoPassword: true, sudoPasswordEnv: 'SUDO', given: {} }, 'usage', 'exclude each other'],
    ['no terminal', { askSudoPassword: true, given: { canAskSecret: false } }, 'usage', 'needs a terminal'],
    ['a person who walks away', { askSudoPassword: true, given: {} }, 'interrupted', 'no password was given'],
    ['nothing typed', { askSudoPassword: true, given: { typed: '' } }, 'usage', 'what was typed is no password: it is empty'],
    ['an empty variable', { sudoPasswordEnv: 'NONE', given: {} }, 'usage', 'the variable that --sudo-password-env names is no password: it is empty or missing'],
    ['an empty file', { sudoPasswordFile: file('\n'), given: {} }, 'usage', 'is no password'],
    ['no file', { sudoPasswordFile: join(directory, 'none'), given: {} }, 'local-file', 'no such file or directory'],
    ['a directory', { sudoPasswordFile: directory, given: {} }, 'local-file', 'it is a directory'],
  ])('is refused from %s', async (_, { given, ...flags }, code, words) => {
    await expect(sudoPasswordFor(MIXED, flags, surroundings(given).context)).rejects.toMatchObject({ code, message: expect.stringContaining(words) as string });
  });
});
