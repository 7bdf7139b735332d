import { readPasswordFile } from '../app/read-password-file.ts';
import { AppError } from '../errors/app-error.ts';
import type { CliContext } from './context.ts';
import type { SudoFlags } from './sudo-flags.ts';

/** The user of a machine who needs no sudo. */
const ROOT = 'root';

/** The password that sudo wants, asked for or read once; undefined where none is given, or nobody needs one. Throws `usage`, `local-file`, `interrupted`. */
export async function sudoPasswordFor(usersOf: () => readonly string[], flags: SudoFlags, context: CliContext): Promise<string | undefined> {
  const { askSudoPassword, sudoPasswordFile, sudoPasswordEnv } = flags;
  const given = [askSudoPassword === true, sudoPasswordFile !== undefined, sudoPasswordEnv !== undefined].filter(Boolean);
  if (given.length > 1) throw new AppError('usage', '--ask-sudo-password, --sudo-password-file and --sudo-password-env exclude each other', { hint: 'give one of them' });
  if (given.length === 0) return undefined;
  const users = [...new Set(usersOf())].filter((user) => user !== ROOT);
  if (users.length === 0) return undefined;
  if (sudoPasswordFile !== undefined) return notEmpty(await readPasswordFile(sudoPasswordFile, context.interruption.signal), `the first line of ${sudoPasswordFile}`);
  if (sudoPasswordEnv !== undefined) return notEmpty(context.takeVariable(sudoPasswordEnv) ?? '', 'the variable that --sudo-password-env names');
  return notEmpty(await asked(context, users), 'what was typed');
}

async function asked({ askSecret, terminal }: CliContext, users: readonly string[]): Promise<string> {
  if (!terminal.canAskSecret)
    throw new AppError('usage', '--ask-sudo-password needs a terminal', {
      hint: 'where there is none, give the password with --sudo-password-file FILE or --sudo-password-env NAME',
    });
  const password = await askSecret(`sudo password of ${users.join(', ')}`);
  if (password === undefined) throw new AppError('interrupted', 'no password was given; nothing was changed');
  return password;
}

/** The value given is not repeated: somebody may have put the password where its place is named. */
const HOW = 'give the NAME of a variable with --sudo-password-env, or a FILE with --sudo-password-file, never the password itself';

/** One line of text: more, or none, is a mistake that would count as a failed try on every machine. */
function notEmpty(password: string, where: string): string {
  if (password === '' || password.includes('\n'))
    throw new AppError('usage', `${where} is no password: it is ${password === '' ? 'empty or missing' : 'more than a line'}`, { hint: HOW });
  return password;
}
