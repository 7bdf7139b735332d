import type { BlobRef } from '../kind.ts';

/** How one package manager is asked and told, as shell. */
export interface PackageManagerShell {
  /** A command that succeeds where the package is there. */
  readonly isInstalled: (name: string) => string;
  /** The one command that installs them, for people. */
  readonly installCommand: (names: readonly string[]) => string;
  /** Lines that install what is missing of them, asking nobody; from an archive where there is one. */
  readonly install: (names: readonly string[], from: BlobRef | undefined) => readonly string[];
}
