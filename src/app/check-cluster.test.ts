import { expect, it } from 'vitest';
import { findRelease } from '../catalogue/catalogue.ts';
import type { Release } from '../catalogue/release.ts';
import { AppError } from '../errors/app-error.ts';
import { encoded, recorded } from '../facts/testing/recorded-answers.ts';
import { groundText } from '../facts/testing/recorded-ground.ts';
import { laneId } from '../plan/plan.ts';
import { checkCluster } from './check-cluster.ts';
import type { Consent } from './preflight.ts';
import { demoCluster } from './testing/demo-cluster.ts';
import { readingHost } from './testing/reading-host.ts';

const loaded = { path: 'cluster.yaml', cluster: demoCluster, release: findRelease('1.36.3') as Release, desired: 'd', warnings: [] };
const nothingThere = { stat: '#complete\n', links: '', sha256: '', texts: '', processes: '', etcddata: '', runs: '', lock: '' };

/** A machine with nothing on it, all its own; `swap` and `user` are what is wrong with it. */
function answerOf(number: number, address: string, { swap = 0, user = 0 } = {}): string {
  const platform = recorded('worker')
    ['platform']!.replace(/^swap\|.*$/m, `swap|${swap}`)
    .replace(/^container\|.*$/m, 'container|none')
    .replace(/^cgroup\|.*$/m, 'cgroup|cgroup2fs');
  return encoded({
    ...recorded('worker'),
    ...nothingThere,
    platform,
    identity: `node-${number}\nid-${number}\nuuid-${number}\nkey|ssh-ed25519 key-${number}\n`,
    addresses: `2: eth0    inet ${address}/24 brd 10.0.0.255 scope global eth0\n`,
    ground: groundText
      .replace('user|0', `user|${user}`)
      .replace('52:54:00:00:00:01', `52:54:00:00:00:0${number}`)
      .replace(/^clock\|.*$/m, `clock|${Date.now()}`),
  });
}

const OFF = new AppError('host-unreachable', 'w-1 did not answer', { hint: 'turn it on' });

async function check(worker: { readonly swap?: number; readonly user?: number } | AppError, allowed: readonly Consent[] = []) {
  const scripts: string[] = [];
  const hosts = demoCluster.nodes.map((node, index) => {
    const host = readingHost(node.name, (script) => {
      if (script.includes('perl')) return scripts.push('network') > 0 ? 'missing|perl\n' : '';
      const isWorker = node.name === 'w-1';
      if (isWorker && worker instanceof AppError) throw worker;
      return answerOf(index + 1, node.address.openFor(node.name), isWorker && !(worker instanceof AppError) ? worker : {});
    });
    return [laneId(node.name), host] as const;
  });
  const context = { fleet: new Map(hosts), signal: new AbortController().signal, onProgress: () => undefined, consents: { allowed } };
  const { report, exitCode, next } = await checkCluster(loaded, context);
  return { exitCode, next, ok: report.ok, codes: report.findings.map(({ code }) => code), unknown: report.unknown.map(({ what }) => what), tries: scripts.length };
}

it('lets machines pass that are ready, with what could not be seen', async () =>
  expect(await check({})).toEqual({
    exitCode: 0,
    next: undefined,
    ok: true,
    codes: [],
    unknown: Array.from({ length: 4 }, () => 'which ports of the others it reaches'),
    tries: 8,
  }));

it('ends as apply would: 5 for an error and for a warning without consent, 0 with it, 4 for a machine that is off', async () => {
  expect(await check({ user: 1000 })).toMatchObject({ exitCode: 5, ok: false, codes: ['root-rights-missing'], next: 'mend the errors and run the command again' });
  expect(await check({ swap: 2 })).toMatchObject({ exitCode: 5, codes: ['swap-on'], next: 'mend the warnings; to go on with the warnings: --allow swap-on=w-1' });
  expect(await check({ swap: 2 }, [{ code: 'swap-on' }])).toMatchObject({ exitCode: 0, ok: true, codes: ['swap-on'], next: undefined });
  expect(await check(OFF)).toMatchObject({ exitCode: 4, codes: ['machine-not-reached'] });
});

it.each([{ code: 'nonsense' }, { code: 'swap-on', node: 'nobody' }])('refuses a consent that names nothing before it looks: %j', async (consent) =>
  expect(check({}, [consent])).rejects.toMatchObject({ code: 'usage' }),
);

it('refuses what apply would: machines that are to fetch what is published nowhere', async () => {
  const pulling = { ...loaded, cluster: { ...demoCluster, wide: { ...demoCluster.wide, pull: {} } } };
  const context = { fleet: new Map(), signal: new AbortController().signal, onProgress: () => undefined, consents: { allowed: [] } };
  await expect(checkCluster(pulling, { ...context, source: { source: 'go' } })).rejects.toMatchObject({
    code: 'refused',
    exitCode: 5,
    hint: expect.stringContaining('--source upstream'),
  });
});
