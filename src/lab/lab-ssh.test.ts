import { expect, it } from 'vitest';
import { sshArguments } from './lab-ssh.ts';

const MACHINE = { lab: 'demo', name: 'cp-1', address: '10.88.3.11' };

it('enforces the host key the lab made, with no file of the user taking part', () => {
  const args = sshArguments(MACHINE, []);
  expect(args).toContain('StrictHostKeyChecking=yes');
  expect(args.find((argument) => argument.startsWith('UserKnownHostsFile='))).toMatch(/labs\/demo\/known_hosts$/);
  expect(args).toContain('GlobalKnownHostsFile=/dev/null');
  expect(args.slice(0, 2)).toEqual(['-F', 'none']);
  expect(args.at(-1)).toBe('root@10.88.3.11');
});

it('passes a command on after the address', () => {
  expect(sshArguments(MACHINE, ['ls', '-l']).slice(-4)).toEqual(['root@10.88.3.11', '--', 'ls', '-l']);
});
