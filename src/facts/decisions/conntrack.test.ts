import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bareHost } from '../bare-host.ts';
import type { HostFacts } from '../host-facts.ts';
import { anyHost } from '../testing/fact-arbitraries.ts';
import { CONNTRACK_SYSCTL, decideConntrack } from './conntrack.ts';

const bare = bareHost('n');
const host = (container: string, sysctl: string | undefined): HostFacts => ({ ...bare, platform: { ...bare.platform, container }, sysctls: { [CONNTRACK_SYSCTL]: sysctl } });
const able = host('none', '262144');

describe('the connection table', () => {
  it.each<readonly [what: string, hosts: readonly HostFacts[], leaveAlone: boolean]>([
    ['machines of their own size it', [able, able], false],
    ['one container leaves it alone for all', [able, host('lxc', '262144'), able], true],
    ['one kernel without it leaves it alone for all', [able, host('none', undefined)], true],
    ['no host seen: nobody lacks it', [], false],
  ])('%s', (_what, hosts, leaveAlone) => {
    expect(decideConntrack(hosts).leaveAlone).toBe(leaveAlone);
  });

  it('is one decision whatever the order of hosts, and says how many lack it, none by name', () => {
    const anyHosts = fc.array(anyHost('marker-name', [{ probe: 'sysctl', name: CONNTRACK_SYSCTL }]), { maxLength: 6 });
    const shuffled = anyHosts.chain((hosts) => fc.tuple(fc.constant(hosts), fc.shuffledSubarray([...hosts], { minLength: hosts.length })));
    fc.assert(
      fc.property(shuffled, ([hosts, others]) => {
        expect(decideConntrack(others)).toEqual(decideConntrack(hosts));
        expect(decideConntrack(hosts).why).not.toContain('marker-name');
      }),
    );
  });
});
