import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { known } from '../../plan/fact.ts';
import { groundText, groundWith } from '../testing/recorded-ground.ts';
import { GROUND } from './ground-script.ts';
import { parseGround } from './parse-ground.ts';

/** Root alone may write where etcd does. */
const STATE_OF_DISK = process.getuid?.() === 0 ? 'known' : 'unknown';

it('is what the machine printed', () => {
  const { listeners, ...facts } = groundWith(
    ['', 'socket|udp UNCONN 0 0 0.0.0.0:8472 0.0.0.0:*'],
    ['', 'route|unreachable 10.9.0.0/16'],
    ['', 'route|10.8.0.7 dev tun0 scope link'],
  );
  expect(listeners).toEqual({
    state: 'known',
    value: [
      { protocol: 'udp', address: '127.0.0.1', port: 323, process: 'chronyd', unit: 'chrony.service' },
      { protocol: 'tcp', address: '0.0.0.0', port: 22, process: 'sshd', unit: 'ssh.service' },
      { protocol: 'tcp', address: '[::]', port: 22, process: 'sshd', unit: 'ssh.service' },
      { protocol: 'udp', address: '0.0.0.0', port: 8472, process: '', unit: '' },
    ],
  });
  expect(facts).toMatchObject({
    ...{ userId: 0, hasSystemd: true, packageManagers: ['apt'], clockMs: 1_795_613_769_658, isSelinuxEnforcing: false, isPrepared: false },
    routes: [
      { range: '10.0.0.0/24', interface: 'eth0' },
      { range: '10.8.0.7/32', interface: 'tun0' },
    ],
    links: [{ name: 'eth0', mtu: 1500, mac: '52:54:00:00:00:01' }],
    kernelFeatures: { overlay: true, br_netfilter: true, nf_conntrack: true, vxlan: true },
    ...{ remains: [], programs: [], firewalls: [], cloudInitHosts: [], nameservers: ['10.0.0.254'], hostsSources: ['files', 'dns'] },
  });
  expect(facts.syncedWriteMs).toEqual(known(0.2987));
  expect(groundWith(['synced|0.2987', 'synced|']).syncedWriteMs).toEqual(known(0.3412));
  expect(facts.places.find(({ path }) => path === '/run')).toEqual({ path: '/run', availableBytes: 2_441_000 * 1024, isWritable: true });
});

it('is undefined where nothing was asked', () => expect(parseGround('')).toBeUndefined());

it('is what this very machine prints, too', () => {
  const { stdout, pid } = spawnSync('sh', ['-c', GROUND], { encoding: 'utf8', env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C' } });
  const facts = parseGround(stdout);
  expect(facts?.userId).toBe(process.getuid?.());
  expect(Math.abs((facts?.clockMs ?? 0) - Date.now())).toBeLessThan(60_000);
  expect(facts?.places.map(({ path }) => path)).toContain('/etc');
  expect(facts?.syncedWriteMs.state).toBe(STATE_OF_DISK);
  expect(existsSync(`/var/log/.kubewright-${pid}`)).toBe(false);
  expect(groundText.split('\n').map((line) => line.split('|')[0])).toEqual(expect.arrayContaining(['clock', 'place', 'feature', 'selinux']));
});
