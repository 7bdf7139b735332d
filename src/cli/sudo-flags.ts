import { quote } from '../shell/quote.ts';

/** Where the password comes from that sudo wants of users other than root. One of the three. */
export interface SudoFlags {
  readonly askSudoPassword?: boolean;
  readonly sudoPasswordFile?: string;
  readonly sudoPasswordEnv?: string;
}

export const sudoFlags = {
  askSudoPassword: { kind: 'boolean', optional: true, withNegated: false, brief: 'ask once for the password that sudo wants of users other than root' },
  sudoPasswordFile: { kind: 'parsed', parse: String, optional: true, placeholder: 'FILE', brief: 'take that password from the first line of a file or pipe' },
  sudoPasswordEnv: { kind: 'parsed', parse: String, optional: true, placeholder: 'NAME', brief: 'take that password from a variable of the environment' },
} as const;

/** The same flags for a command that is proposed next; a leading blank for each. */
export function sudoWords({ askSudoPassword, sudoPasswordFile, sudoPasswordEnv }: SudoFlags): string {
  return [
    askSudoPassword === true ? ' --ask-sudo-password' : '',
    sudoPasswordFile === undefined ? '' : ` --sudo-password-file ${quote(sudoPasswordFile)}`,
    sudoPasswordEnv === undefined ? '' : ` --sudo-password-env ${quote(sudoPasswordEnv)}`,
  ].join('');
}
