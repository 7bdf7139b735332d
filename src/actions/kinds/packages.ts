import { packageKey } from '../../facts/keys.ts';
import { command } from '../../shell/quote.ts';
import type { Kind } from '../kind.ts';
import { withHost } from '../predict.ts';

/** Packages of the host's distribution, taken only when missing. */
export interface PackagesAction {
  readonly kind: 'packages';
  readonly names: readonly string[];
  /** Units of these packages that shall not run; taken off only when the packages are installed here, so that nobody's own service is. */
  readonly disable: readonly string[];
}

const INSTALL = ['apt-get', 'install', '-y', '-q', '--no-install-recommends'];

export const packages: Kind<PackagesAction> = {
  words: ({ names }) => `install packages ${names.join(' ')}`,
  details: ({ names }) => ({ command: command(...INSTALL, ...names) }),
  probes: ({ names }) => names.map((name) => ({ probe: 'package', name })),
  progress: ({ names }, reading) => {
    const facts = names.map((name) => reading.read(packageKey(name)));
    if (facts.some(({ state }) => state !== 'known')) return 'unknown';
    return facts.every((fact) => fact.state === 'known' && fact.value !== undefined) ? 'done' : 'absent';
  },
  script: ({ names, disable }) => ({
    // Debian starts a service on installing it: policy-rc.d 101 says no, and is taken away again.
    shell: [
      'export DEBIAN_FRONTEND=noninteractive',
      'policy=/usr/sbin/policy-rc.d',
      `[ -e "$policy" ] || { printf '#!/bin/sh\\nexit 101\\n' > "$policy"; chmod 755 "$policy"; trap 'rm -f "$policy"' EXIT; }`,
      `${command(...INSTALL, ...names)} || { apt-get update -q && ${command(...INSTALL, ...names)}; }`,
      ...disable.map((unit) => command('systemctl', 'disable', '--now', unit)),
    ].join('\n'),
    inputs: [],
  }),
  predict: ({ names }, view) => withHost(view, ({ packages: now }) => ({ packages: { ...now, ...Object.fromEntries(names.map((name) => [name, 'the distribution\'s'])) } })),
};
