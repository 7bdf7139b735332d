import { describe, expect, it } from 'vitest';
import { findRelease } from '../catalogue/catalogue.ts';
import type { Release } from '../catalogue/release.ts';
import type { AppError } from '../errors/app-error.ts';
import type { HostFacts } from '../facts/host-facts.ts';
import { known, unknown } from '../plan/fact.ts';
import type { Fact } from '../plan/fact.ts';
import { laneId } from '../plan/plan.ts';
import { readyHost } from '../rules/testing/preflight-bare.ts';
import { expectedOf } from '../rules/verify/expected-cluster.ts';
import type { LoadedCluster } from './cluster-file.ts';
import { checkConsents } from './check-consents.ts';
import type { Consent, Consents } from './preflight.ts';
import { preflight } from './preflight.ts';
import { demoCluster } from './testing/demo-cluster.ts';
import { readingHost } from './testing/reading-host.ts';

const loaded: LoadedCluster = { path: 'cluster.yaml', cluster: demoCluster, release: findRelease('1.36.3') as Release, desired: 'd', warnings: [] };
const nodes = expectedOf(demoCluster).nodes;
const OPEN = 'complete\n';

type Change = (host: HostFacts) => Fact<HostFacts>;

/** Judges four machines that are ready but for what is changed; gives what was said, asked and thrown. */
async function judge(changes: Readonly<Record<string, Change>>, consents?: Consents) {
  const lines: string[] = [];
  const scripts: string[] = [];
  const hosts = Object.fromEntries(nodes.map((node) => [laneId(node.name), (changes[node.name] ?? known)(readyHost(node))]));
  const fleet = new Map(
    nodes.map(({ name }) => {
      const answer = (script: string): string => {
        scripts.push(`${name} ${script.includes('bound|') ? 'listens' : script.includes('can_write') ? 'dials' : 'stops'}`);
        const bound = [...script.matchAll(/(tcp|udp):(\d+)/g)].map(([, protocol, port]) => `bound|${protocol}|${port}|yes\n`);
        return script.includes('bound|') ? `${bound.join('')}pid|77\n` : OPEN;
      };
      return [laneId(name), readingHost(name, answer)] as const;
    }),
  );
  const context = { fleet, signal: new AbortController().signal, onProgress: (line: string) => lines.push(line), ...(consents !== undefined && { consents }) };
  const thrown: unknown = await preflight(loaded, { hosts, cluster: unknown('none') }, context).catch((error: unknown) => error);
  return { lines, scripts, error: thrown as AppError | undefined };
}

const swap: Change = (host) => known({ ...host, platform: { ...host.platform, isSwapOn: true } });
const notRoot: Change = (host) => known({ ...host, ...(host.ground !== undefined && { ground: { ...host.ground, userId: 1000 } }) });
const off: Change = () => ({ state: 'unreachable', why: 'cp-1 did not answer', advice: 'next: turn it on' });

describe('machines that are ready', () => {
  it('pass; the network between them is tried, and the listeners are stopped', async () => {
    const { error, lines, scripts } = await judge({});
    expect({ error, lines }).toEqual({ error: undefined, lines: ['trying the network between 4 machines'] });
    for (const { name } of nodes) expect(scripts.filter((script) => script.startsWith(name))).toEqual([`${name} listens`, `${name} dials`, `${name} stops`]);
  });
});

it('a machine that another run holds keeps the network from being tried', async () => {
  const lock = { token: 7, runId: 'r', owner: 'somebody@elsewhere pid 1', since: '', expires: '', isHeld: true };
  const { scripts, lines } = await judge({ 'cp-2': (host) => known({ ...host, lock }) });
  expect({ scripts, lines }).toEqual({ scripts: [], lines: ['the network between machines is not tried: cp-2 is locked by somebody@elsewhere pid 1'] });
});

describe('errors', () => {
  it('refuse with the whole report, warnings too', async () => {
    const { error } = await judge({ 'cp-1': notRoot, 'w-1': swap }, { allowed: [] });
    expect(error).toMatchObject({ code: 'refused', exitCode: 5, message: 'preflight found 1 error and 1 warning; nothing was changed' });
    expect(error?.hint).toBe('mend the errors; to go on with the warnings: --allow swap-on=w-1');
    expect(error?.answer).toMatchObject({ kind: 'Report', ok: false, findings: [{ code: 'root-rights-missing' }, { code: 'swap-on' }] });
  });

  it('are not consented to', async () => {
    const ask = (): Promise<boolean> => Promise.reject(new Error('nobody is to be asked'));
    expect((await judge({ 'cp-1': notRoot }, { allowed: [{ code: 'root-rights-missing' }], ask })).error).toMatchObject({ code: 'refused' });
  });

  it('end with 4 where nothing else is wrong than a machine that is off, and with 5 beside others', async () => {
    expect((await judge({ 'cp-1': off })).error).toMatchObject({ code: 'host-unreachable', exitCode: 4 });
    expect((await judge({ 'cp-1': off, 'w-1': notRoot })).error).toMatchObject({ exitCode: 5 });
  });
});

describe('warnings', () => {
  it.each([
    ['of that code', { code: 'swap-on' }, undefined],
    ['of that node', { code: 'swap-on', node: 'w-1' }, undefined],
    ['of another node', { code: 'swap-on', node: 'cp-1' }, 'refused'],
    ['of another code', { code: 'firewall-active' }, 'refused'],
  ])('are consented to by name: %s', async (_, consent, code) => {
    const { error, lines } = await judge({ 'w-1': swap }, { allowed: [consent] });
    expect(error?.code).toBe(code);
    expect(lines.some((line) => line.startsWith('warning swap-on w-1'))).toBe(code === undefined);
  });

  it.each([true, false])('are put to a person who is there: %s', async (agrees) => {
    const { error } = await judge({ 'w-1': swap }, { allowed: [], ask: (report) => Promise.resolve(agrees && report.findings.length === 1) });
    expect(error?.code).toBe(agrees ? undefined : 'refused');
  });

  it('are said of a plan that is only shown, with what apply will need', async () => {
    const { error, lines } = await judge({ 'w-1': swap });
    expect(error).toBeUndefined();
    expect(lines).toContain('apply needs consent to that: --allow swap-on=w-1');
  });
});

it('a consent that names no check, or no node of the file, is refused before anything is looked at', () => {
  const check = (consent: Consent) => () => checkConsents(demoCluster, { allowed: [consent] });
  expect(check({ code: 'swap' })).toThrow(expect.objectContaining({ code: 'usage', details: expect.arrayContaining(['swap-on']) }));
  expect(check({ code: 'swap-on', node: 'w-2' })).toThrow(
    expect.objectContaining({ code: 'usage', message: '--allow swap-on=w-2 names no node of the cluster file', hint: 'its nodes are cp-1, cp-2, cp-3, w-1' }),
  );
  expect(check({ code: 'swap-on', node: 'w-1' })).not.toThrow();
});
