import { command } from '../../shell/quote.ts';
import type { PackageManagerShell } from './package-manager.ts';

/** Without what packages merely recommend, as apt is told too. dnf waits by itself for another that runs. */
const INSTALL = ['dnf', 'install', '-y', '-q', '--setopt=install_weak_deps=False'];

export const dnfManager: PackageManagerShell = {
  isInstalled: (name) => `${command('rpm', '-q', '--quiet', '--whatprovides', name)} 2>/dev/null`,
  installCommand: (names) => command(...INSTALL, ...names),
  // What dnf remembers of its repositories may be old.
  install: (names) => [`${command(...INSTALL, ...names)} || ${command(...INSTALL, '--refresh', ...names)}`],
};
