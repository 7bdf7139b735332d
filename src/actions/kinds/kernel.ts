import { modulesKey, sysctlKey } from '../../facts/keys.ts';
import { command, quote } from '../../shell/quote.ts';
import type { Kind } from '../kind.ts';
import { withHost } from '../predict.ts';

/** A kernel module loaded now; a file in `modules-load.d` keeps it over a boot. */
export interface ModuleAction {
  readonly kind: 'module';
  readonly name: string;
}

export const module: Kind<ModuleAction> = {
  words: ({ name }) => `load kernel module ${name}`,
  details: ({ name }) => ({ command: command('modprobe', name) }),
  probes: () => [],
  progress: ({ name }, reading) => {
    const fact = reading.read(modulesKey);
    if (fact.state !== 'known') return 'unknown';
    return fact.value.includes(name) ? 'done' : 'absent';
  },
  script: ({ name }) => ({ shell: `${command('kw_ledger', name, 'module')}\n${command('modprobe', name)}`, inputs: [] }),
  predict: ({ name }, view) => withHost(view, ({ platform }) => ({ platform: { ...platform, kernelModules: [...new Set([...platform.kernelModules, name])].sort() } })),
};

/** A kernel setting with this value now; a file in `sysctl.d` keeps it over a boot. */
export interface SysctlAction {
  readonly kind: 'sysctl';
  readonly name: string;
  readonly value: string;
}

const pathOf = (name: string): string => `/proc/sys/${name.replaceAll('.', '/')}`;

export const sysctl: Kind<SysctlAction> = {
  words: ({ name, value }) => `set ${name} = ${value}`,
  details: ({ name, value }) => ({ command: command('sysctl', '-w', `${name}=${value}`) }),
  probes: ({ name }) => [{ probe: 'sysctl', name }],
  progress: ({ name, value }, reading) => {
    const fact = reading.read(sysctlKey(name));
    if (fact.state !== 'known') return 'unknown';
    return fact.value === value ? 'done' : 'absent';
  },
  script: ({ name, value }) => ({ shell: `${command('kw_ledger', pathOf(name), 'sysctl')}\nprintf '%s\\n' ${quote(value)} > ${quote(pathOf(name))}`, inputs: [] }),
  predict: ({ name, value }, view) => withHost(view, ({ sysctls }) => ({ sysctls: { ...sysctls, [name]: value } })),
};
