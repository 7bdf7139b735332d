import { expect, it } from 'vitest';
import { laneId } from '../plan/plan.ts';
import { readingHost } from './testing/reading-host.ts';
import { tryNetwork } from './try-network.ts';

const wide = { endpoint: { port: 7443 }, network: { plugin: 'none' }, metricsServer: false } as const;
const signal = new AbortController().signal;
const node = (name: string, address: string, isFresh: boolean) => ({ name, role: 'control-plane', address, isFresh, mtu: 1500 }) as const;

/** Two control planes: what the second dials of the first, on which nothing could be made to listen on 6443. */
async function dialledOf(isFresh: boolean) {
  const dials: string[] = [];
  const host = (name: string) =>
    readingHost(name, (script) => {
      if (script.includes('bound|')) return 'bound|tcp|6443|busy\nbound|tcp|2379|yes\nbound|tcp|2380|yes\nbound|tcp|10250|yes\npid|7\n';
      if (script.includes('can_write') && name === 'cp-2') dials.push(...(script.match(/tcp:10\.0\.0\.1:\d+/g) ?? []));
      return script.includes('can_write') ? 'complete\n' : '';
    });
  const fleet = new Map(['cp-1', 'cp-2'].map((name) => [laneId(name), host(name)]));
  const facts = await tryNetwork({ fleet, wide, nodes: [node('cp-1', '10.0.0.1', isFresh), node('cp-2', '10.0.0.2', true)], signal });
  return { dials: dials.map((dial) => dial.split(':').at(-1)), facts: facts['cp-2'] };
}

it('leaves alone who has taken a port of a machine that is no member, and says that it is not known', async () => {
  const { dials, facts } = await dialledOf(true);
  expect(dials).toEqual(['2379', '2380', '10250']);
  expect(facts).toEqual({ state: 'known', value: { ports: [{ to: 'cp-1', protocol: 'tcp', port: 6443, outcome: 'deaf' }], sizes: [] } });
});

it('dials what a member itself listens on', async () => expect((await dialledOf(false)).dials).toEqual(['6443', '2379', '2380', '10250']));
