import { known } from '../plan/fact.ts';
import type { FactKey } from '../plan/fact.ts';
import type { HostFacts, PlatformFacts } from './host-facts.ts';
import type { View } from './snapshot.ts';

/** What settings follow from: what a host is, without what changes from look to look. */
export interface HostTraits {
  readonly platform: Pick<PlatformFacts, 'osId' | 'osLike' | 'osVersion' | 'container' | 'cgroup' | 'hasCapSysResource' | 'openFilesHardLimit' | 'isSwapOn' | 'isResolvedActive'>;
  readonly sysctls: HostFacts['sysctls'];
}

function traitsOf({ platform, sysctls }: HostFacts, sysctlNames: readonly string[]): HostTraits {
  const { osId, osLike, osVersion, container, cgroup, hasCapSysResource, openFilesHardLimit, isSwapOn, isResolvedActive } = platform;
  // Whether the kernel has a setting, not its value of the moment.
  const present = Object.fromEntries(sysctlNames.map((name) => [name, sysctls[name] === undefined ? undefined : 'present']));
  return { platform: { osId, osLike, osVersion, container, cgroup, hasCapSysResource, openFilesHardLimit, isSwapOn, isResolvedActive }, sysctls: present };
}

export function traitsKey(sysctlNames: readonly string[]): FactKey<View, HostTraits> {
  return {
    key: 'what the host is',
    pick: ({ host }) => (host.state === 'known' ? known(traitsOf(host.value, sysctlNames)) : host),
    show: ({ platform: { osId, osVersion, container, cgroup, isSwapOn } }) => `${osId} ${osVersion}, container ${container}, cgroup ${cgroup}, swap ${isSwapOn ? 'on' : 'off'}`,
  };
}
