import { packageKey } from '../../facts/keys.ts';
import { command } from '../../shell/quote.ts';
import { aptManager } from '../packages/apt.ts';
import { dnfManager } from '../packages/dnf.ts';
import type { PackageManagerShell } from '../packages/package-manager.ts';
import type { BlobRef, Kind } from '../kind.ts';
import { withHost } from '../predict.ts';

/** Packages of the host's distribution, taken only when missing. */
export interface PackagesAction {
  readonly kind: 'packages';
  /** By which the distribution keeps them. */
  readonly manager: 'apt' | 'dnf';
  readonly names: readonly string[];
  /** Units of these packages that shall never run; masked before their package comes. Where it is there already, the unit is somebody's own. */
  readonly keepOff: readonly { readonly package: string; readonly unit: string }[];
  /** An archive of them, an apt repository of one folder; without it they come from the mirror that the machine knows. */
  readonly from?: BlobRef;
}

const managers: Readonly<Record<PackagesAction['manager'], PackageManagerShell>> = { apt: aptManager, dnf: dnfManager };

function maskUnlessInstalled({ isInstalled }: PackageManagerShell, { package: name, unit }: PackagesAction['keepOff'][number]): string {
  return `${isInstalled(name)} || { ${command('kw_ledger', `/etc/systemd/system/${unit}`, 'masked')}; ${command('systemctl', 'mask', '-q', unit)}; }`;
}

export const packages: Kind<PackagesAction> = {
  words: ({ names, from }) => `install packages ${names.join(' ')}${from === undefined ? '' : ' from the bundle'}`,
  details: ({ names, manager }) => ({ command: managers[manager].installCommand(names) }),
  probes: ({ names }) => names.map((name) => ({ probe: 'package', name })),
  progress: ({ names }, reading) => {
    const facts = names.map((name) => reading.read(packageKey(name)));
    if (facts.some(({ state }) => state !== 'known')) return 'unknown';
    return facts.every((fact) => fact.state === 'known' && fact.value !== undefined) ? 'done' : 'absent';
  },
  script: ({ names, keepOff, from, manager }) => {
    const shell = managers[manager];
    return {
      // Debian starts a service on installing it: what shall not run is masked before, and nothing is left behind that a killed run would have to take away.
      shell: [
        ...keepOff.map((each) => maskUnlessInstalled(shell, each)),
        ...names.map((name) => `${shell.isInstalled(name)} || ${command('kw_ledger', name, 'package')}`),
        ...shell.install(names, from),
      ].join('\n'),
      inputs: [],
    };
  },
  blobs: ({ from }) => (from === undefined ? [] : [from]),
  predict: ({ names }, view) => withHost(view, ({ packages: now }) => ({ packages: { ...now, ...Object.fromEntries(names.map((name) => [name, "the distribution's"])) } })),
};
