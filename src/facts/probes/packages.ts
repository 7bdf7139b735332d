import { fieldsOf, linesOf } from '../observe/sections.ts';
import { command } from '../../shell/quote.ts';

/**
 * Shell that prints `NAME|installed|VERSION` for each of these that is installed. Both databases are asked, since a machine may have the tools of both: the one that is not its own knows nothing. rpm
 * is asked who provides a name, which may be a path too: a package counts under the name by which it is wanted, as dnf has it.
 */
export function packagesShell(names: readonly string[]): string {
  return [
    `${command('dpkg-query', '-W', '-f', '${Package}|${db:Status-Status}|${Version}\\n', ...names)} 2>/dev/null`,
    `command -v rpm >/dev/null && for f in ${command(...names)}; do v=$(${command('rpm', '-q', '--whatprovides', '--qf', '%{VERSION}-%{RELEASE} ')} "$f" 2>/dev/null) && printf '%s|installed|%s\\n' "$f" "\${v%% *}"; done`,
  ].join('\n');
}

/** Versions of installed packages from what `packagesShell` printed. */
export function parsePackages(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    linesOf(text).flatMap((line) => {
      const [name = '', status, version = ''] = fieldsOf(line, 3);
      return status === 'installed' ? [[name, version]] : [];
    }),
  );
}
