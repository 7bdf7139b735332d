import { packageKey } from '../../facts/keys.ts';
import { command, quote } from '../../shell/quote.ts';
import { BLOB_DIR, STATE_DIR } from '../../shell/remote-paths.ts';
import type { BlobRef, Kind } from '../kind.ts';
import { withHost } from '../predict.ts';

/** Packages of the host's distribution, taken only when missing. */
export interface PackagesAction {
  readonly kind: 'packages';
  readonly names: readonly string[];
  /** Units of these packages that shall never run; masked before their package comes. Where it is there already, the unit is somebody's own. */
  readonly keepOff: readonly { readonly package: string; readonly unit: string }[];
  /** An archive of them, an apt repository of one folder; without it they come from the mirror that the machine knows. */
  readonly from?: BlobRef;
}

// Other installations, such as the one of the first boot, are waited for.
const LOCK = ['-o', 'DPkg::Lock::Timeout=300'];
const INSTALL = ['apt-get', 'install', '-y', '-q', '--no-install-recommends', ...LOCK];

function isInstalled(name: string): string {
  return `[ "$(${command('dpkg-query', '-W', '-f', '${db:Status-Status}', name)} 2>/dev/null)" = installed ]`;
}

function maskUnlessInstalled({ package: name, unit }: PackagesAction['keepOff'][number]): string {
  return `${isInstalled(name)} || { ${command('kw_ledger', `/etc/systemd/system/${unit}`, 'masked')}; ${command('systemctl', 'mask', '-q', unit)}; }`;
}

const REPOSITORY = `${STATE_DIR}/packages`;

/** Of all sources apt sees the unpacked archive alone, and it keeps nothing of it: the machine's own sources and lists stay as they are. */
const ARCHIVE_ONLY = [
  ['-o', `Dir::Etc::SourceList=${REPOSITORY}/sources.list`, '-o', 'Dir::Etc::SourceParts=/dev/null', '-o', `Dir::State::Lists=${REPOSITORY}/lists`],
  // The archive was compared with its digest when it came; it has no signature of its own, and only root reads it.
  ['-o', 'Dir::Cache::pkgcache=', '-o', 'Dir::Cache::srcpkgcache=', '-o', 'APT::Sandbox::User=root'],
].flat();

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

export const packages: Kind<PackagesAction> = {
  words: ({ names, from }) => `install packages ${names.join(' ')}${from === undefined ? '' : ' from the bundle'}`,
  details: ({ names }) => ({ command: command(...INSTALL, ...names) }),
  probes: ({ names }) => names.map((name) => ({ probe: 'package', name })),
  progress: ({ names }, reading) => {
    const facts = names.map((name) => reading.read(packageKey(name)));
    if (facts.some(({ state }) => state !== 'known')) return 'unknown';
    return facts.every((fact) => fact.state === 'known' && fact.value !== undefined) ? 'done' : 'absent';
  },
  script: ({ names, keepOff, from }) => ({
    // Debian starts a service on installing it: what shall not run is masked before, and nothing is left behind that a killed run would have to take away.
    shell: [
      'export DEBIAN_FRONTEND=noninteractive',
      ...keepOff.map(maskUnlessInstalled),
      ...names.map((name) => `${isInstalled(name)} || ${command('kw_ledger', name, 'package')}`),
      ...(from === undefined ? installFromMirror(names) : installFromArchive(names, from)),
    ].join('\n'),
    inputs: [],
  }),
  blobs: ({ from }) => (from === undefined ? [] : [from]),
  predict: ({ names }, view) => withHost(view, ({ packages: now }) => ({ packages: { ...now, ...Object.fromEntries(names.map((name) => [name, "the distribution's"])) } })),
};
