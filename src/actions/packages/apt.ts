import { command, quote } from '../../shell/quote.ts';
import { BLOB_DIR, STATE_DIR } from '../../shell/remote-paths.ts';
import type { BlobRef } from '../kind.ts';
import type { PackageManagerShell } from './package-manager.ts';

// Other installations, such as the one of the first boot, are waited for.
const LOCK = ['-o', 'DPkg::Lock::Timeout=300'];
const INSTALL = ['apt-get', 'install', '-y', '-q', '--no-install-recommends', ...LOCK];

const REPOSITORY = `${STATE_DIR}/packages`;

/** Of all sources apt sees the unpacked archive alone, and it keeps nothing of it: the machine's own sources and lists stay as they are. */
const ARCHIVE_ONLY = [
  ['-o', `Dir::Etc::SourceList=${REPOSITORY}/sources.list`, '-o', 'Dir::Etc::SourceParts=/dev/null', '-o', `Dir::State::Lists=${REPOSITORY}/lists`],
  // The archive was compared with its digest when it came; it has no signature of its own, and only root reads it.
  ['-o', 'Dir::Cache::pkgcache=', '-o', 'Dir::Cache::srcpkgcache=', '-o', 'APT::Sandbox::User=root'],
].flat();

/** debconf asks nobody; needrestart, which Ubuntu's servers have, asks nobody either and restarts no service that is not ours. */
const SILENT = 'export DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=l';

function installFromArchive(names: readonly string[], { sha256 }: BlobRef): readonly string[] {
  const install = command(...INSTALL, ...ARCHIVE_ONLY, ...names);
  const blob = `${BLOB_DIR}/${sha256}`;
  return [
    `rm -rf ${REPOSITORY}; mkdir -p ${REPOSITORY}/lists/partial`,
    command('tar', '-xf', blob, '-C', REPOSITORY, '--no-same-owner'),
    `echo ${quote(`deb [trusted=yes] file:${REPOSITORY} ./`)} > ${REPOSITORY}/sources.list`,
    command('apt-get', 'update', '-q', ...LOCK, ...ARCHIVE_ONLY),
    `${install} || { dpkg --configure -a; ${install}; }`,
    command('rm', '-rf', REPOSITORY, blob),
  ];
}

/** An installation that a power cut ended is ended first; lists of packages may be old, or not there. */
function installFromMirror(names: readonly string[]): readonly string[] {
  return [`${command(...INSTALL, ...names)} || { dpkg --configure -a; apt-get update -q; ${command(...INSTALL, ...names)}; }`];
}

export const aptManager: PackageManagerShell = {
  isInstalled: (name) => `[ "$(${command('dpkg-query', '-W', '-f', '${db:Status-Status}', name)} 2>/dev/null)" = installed ]`,
  installCommand: (names) => command(...INSTALL, ...names),
  install: (names, from) => [SILENT, ...(from === undefined ? installFromMirror(names) : installFromArchive(names, from))],
};
