import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSshHosts } from '../../src/hosts/open-ssh-hosts.ts';
import { hostLayout } from '../../src/shell/host-layout.ts';
import type { HostBench } from './host-bench.ts';
import { makeKey, startHostBench } from './host-bench.ts';
import type { SshTestServer } from './ssh-test-server.ts';
import { startSshTestServer } from './ssh-test-server.ts';

let bench: HostBench;
let bastion: SshTestServer;
let config: string;

beforeAll(async () => {
  bench = await startHostBench();
  const file = (name: string): string => join(bench.root, name);
  const hostPublicKey = makeKey(file('bastion-host-key'));
  const authorizedKey = makeKey(file('bastion-id'));
  bastion = await startSshTestServer({ authorizedKey, hostKey: readFileSync(file('bastion-host-key'), 'utf8'), path: hostLayout.path });
  writeFileSync(file('bastion-known'), `[127.0.0.1]:${bastion.port} ${hostPublicKey}\n`);
  config = file('config');
  // The user's own ssh configuration says how the jump host is logged in to.
  writeFileSync(
    config,
    `Host bastion\n  HostName 127.0.0.1\n  Port ${bastion.port}\n  User ops\n  IdentityFile ${file('bastion-id')}\n  UserKnownHostsFile ${file('bastion-known')}\n`,
  );
});
afterAll(async () => {
  await bastion.close();
  await bench.close();
});

test('a machine behind a jump host is reached through it, with a key and known hosts of its own', async () => {
  const { signal } = new AbortController();
  await using opened = openSshHosts([{ ...bench.target, jump: 'bastion' }], { signal, sshArguments: ['-F', config], layout: bench.layout });
  expect(await opened.hosts.get('cp-1')?.read('echo from behind', { signal, timeoutMs: 10_000 })).toBe('from behind\n');
  expect(bastion.forwarded).toEqual([`127.0.0.1:${bench.server.port}`]);
  expect(bastion.commands).toEqual([]);
});
