import { packageKey } from '../../facts/keys.ts';
import { command } from '../../shell/quote.ts';
import type { Kind } from '../kind.ts';
import { withHost } from '../predict.ts';

/** Packages of the host's distribution, taken only when missing. */
export interface PackagesAction {
  readonly kind: 'packages';
  readonly names: readonly string[];
  /** Units of these packages that shall never run; masked before their package comes. Where it is there already, the unit is somebody's own. */
  readonly keepOff: readonly { readonly package: string; readonly unit: string }[];
}

// Other installations, such as the one of the first boot, are waited for.
const INSTALL = ['apt-get', 'install', '-y', '-q', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=300'];

function isInstalled(name: string): string {
  return `[ "$(${command('dpkg-query', '-W', '-f', '${db:Status-Status}', name)} 2>/dev/null)" = installed ]`;
}

function maskUnlessInstalled({ package: name, unit }: PackagesAction['keepOff'][number]): string {
  return `${isInstalled(name)} || { ${command('kw_ledger', `/etc/systemd/system/${unit}`, 'masked')}; ${command('systemctl', 'mask', '-q', unit)}; }`;
}

export const packages: Kind<PackagesAction> = {
  words: ({ names }) => `install packages ${names.join(' ')}`,
  details: ({ names }) => ({ command: command(...INSTALL, ...names) }),
  probes: ({ names }) => names.map((name) => ({ probe: 'package', name })),
  progress: ({ names }, reading) => {
    const facts = names.map((name) => reading.read(packageKey(name)));
    if (facts.some(({ state }) => state !== 'known')) return 'unknown';
    return facts.every((fact) => fact.state === 'known' && fact.value !== undefined) ? 'done' : 'absent';
  },
  script: ({ names, keepOff }) => ({
    // Debian starts a service on installing it: what shall not run is masked before, and nothing is left behind that a killed run would have to take away.
    shell: [
      'export DEBIAN_FRONTEND=noninteractive',
      ...keepOff.map(maskUnlessInstalled),
      ...names.map((name) => `${isInstalled(name)} || ${command('kw_ledger', name, 'package')}`),
      // An installation that a power cut ended is ended first; lists of packages may be old, or not there.
      `${command(...INSTALL, ...names)} || { dpkg --configure -a && apt-get update -q && ${command(...INSTALL, ...names)}; }`,
    ].join('\n'),
    inputs: [],
  }),
  predict: ({ names }, view) => withHost(view, ({ packages: now }) => ({ packages: { ...now, ...Object.fromEntries(names.map((name) => [name, "the distribution's"])) } })),
};
