import { expect, it } from 'vitest';
import { AppError } from '../errors/app-error.ts';
import { laneId } from '../plan/plan.ts';
import { readingHost } from './testing/reading-host.ts';
import { tryNetwork } from './try-network.ts';

const wide = { endpoint: { port: 7443 }, network: { plugin: 'flannel' }, metricsServer: true } as const;
const nodes = [
  { name: 'cp-1', role: 'control-plane', address: '127.0.0.11', isFresh: false, mtu: 1500 },
  { name: 'w-1', role: 'worker', address: '127.0.0.21', isFresh: true, mtu: 1500 },
  { name: 'w-2', role: 'worker', address: '127.0.0.22', isFresh: true, mtu: 1500 },
] as const;
type Act = 'listens' | 'dials' | 'stops';
const actOf = (script: string): Act => (script.includes('bound|') ? 'listens' : script.includes('can_write') ? 'dials' : 'stops');
const LISTENS = 'bound|tcp|10250|yes\npid|77\n';
const REFUSED = 'port|0|refused\nport|1|open\nport|2|refused\nport|3|refused\ncomplete\n';

/** Tries with one member and two new machines; `on` is told of each request before it is answered. */
async function attempt(on: (name: string, act: Act, interrupt: AbortController) => void = () => undefined, dialledAfterMs = 0) {
  const interrupt = new AbortController();
  const asked: string[] = [];
  let nowMs = 0;
  const fleet = new Map(
    nodes.map(({ name }) => {
      const read: ReturnType<typeof readingHost>['read'] = async (script, { signal }) => {
        const act = actOf(script);
        asked.push(`${name} ${act}${signal.aborted ? ' in vain' : ''}`);
        on(name, act, interrupt);
        await Promise.resolve();
        if (signal.aborted) throw new AppError('interrupted', 'interrupted');
        if (act === 'dials') nowMs = dialledAfterMs;
        return act === 'listens' ? LISTENS : act === 'dials' ? REFUSED : '';
      };
      return [laneId(name), { ...readingHost(name, () => ''), read }] as const;
    }),
  );
  const trying = tryNetwork({ fleet, wide, nodes, signal: interrupt.signal, now: () => nowMs });
  const result: unknown = await trying.catch((error: unknown) => error);
  return { result, asked };
}

const stops = ['w-1 stops', 'w-2 stops'];

it('lets new machines alone listen, and takes nothing for closed on a member that does not answer', async () => {
  const { result, asked } = await attempt();
  expect(asked).toEqual(['w-1 listens', 'w-2 listens', 'cp-1 dials', 'w-1 dials', 'w-2 dials', ...stops]);
  expect(result).toMatchObject({
    'w-1': { value: { ports: ['deaf', 'open', 'deaf'].map((outcome) => ({ to: 'cp-1', outcome })).concat({ to: 'w-2', outcome: 'refused' }, { to: 'w-2', outcome: 'deaf' }) } },
  });
});

it.each<readonly [number, string]>([
  [59_000, 'refused'],
  [61_000, 'deaf'],
])('takes a listener for gone when its life is over: dialled after %d ms', async (ms, outcome) => {
  const { result } = await attempt(undefined, ms);
  expect(result).toMatchObject({ 'cp-1': { value: { ports: expect.arrayContaining([{ to: 'w-1', protocol: 'tcp', port: 10_250, outcome }]) } } });
});

it.each<Act>(['listens', 'dials'])('stops listeners after an interruption while one %s', async (act) => {
  const { result, asked } = await attempt((name, doing, interrupt) => name === 'w-2' && doing === act && interrupt.abort());
  expect(result).toMatchObject({ code: 'interrupted' });
  expect(asked.slice(-stops.length)).toEqual(stops);
});

it('stops a listener whose answer was lost', async () => {
  const { result, asked } = await attempt((name, act) => {
    if (name === 'w-1' && act === 'listens') throw new AppError('host-unreachable', 'late');
  });
  expect(result).toMatchObject({ 'cp-1': { state: 'known' } });
  expect(asked.slice(-stops.length)).toEqual(stops);
});

const bareWide = { endpoint: { port: 7443 }, network: { plugin: 'none' }, metricsServer: false } as const;
const { signal } = new AbortController();
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
  const facts = await tryNetwork({ fleet, wide: bareWide, nodes: [node('cp-1', '10.0.0.1', isFresh), node('cp-2', '10.0.0.2', true)], signal });
  return { dials: dials.map((dial) => dial.split(':').at(-1)), facts: facts['cp-2'] };
}

it('leaves alone who has taken a port of a machine that is no member, and says that it is not known', async () => {
  const { dials, facts } = await dialledOf(true);
  expect(dials).toEqual(['2379', '2380', '10250']);
  expect(facts).toEqual({ state: 'known', value: { ports: [{ to: 'cp-1', protocol: 'tcp', port: 6443, outcome: 'deaf' }], sizes: [] } });
});

it('dials what a member itself listens on', async () => expect((await dialledOf(false)).dials).toEqual(['6443', '2379', '2380', '10250']));
