import { runProgram } from '../process/run-program.ts';

const SUITE = 'bookworm';
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';
/** One line per index that apt would fetch: address, suite, component. */
const FORMAT = '$(REPO_URI) $(RELEASE) $(COMPONENT)';

/** Debian 12 sources of this very host as lines of a sources list; empty when it has none, and mmdebstrap then uses its own default. */
export async function hostDebianSources(signal: AbortSignal): Promise<string> {
  const { exitCode, stdout } = await runProgram('apt-get', ['indextargets', '--format', FORMAT, 'Created-By: Packages'], { expect: 'any', signal });
  return exitCode === 0 ? debianSources(stdout) : '';
}

/** Of all the host's sources only Debian's own suites enter the machines; each must be signed by Debian. */
export function debianSources(indexTargets: string): string {
  const lines = indexTargets.split('\n').flatMap((line) => {
    const [uri, release = '', component] = line.trim().split(' ');
    const isDebian = [SUITE, `${SUITE}-updates`, `${SUITE}-security`].includes(release) && component === 'main';
    return isDebian ? [`deb [signed-by=${KEYRING}] ${uri} ${release} main`] : [];
  });
  // Without the suite itself (a host of another release with one stray line) the list would make no system.
  return lines.some((line) => line.includes(` ${SUITE} `)) ? `${[...new Set(lines)].join('\n')}\n` : '';
}
