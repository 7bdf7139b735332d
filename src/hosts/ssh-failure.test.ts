import { expect, test } from 'vitest';
import { sshFailure } from './ssh-failure.ts';

const target = { name: 'cp-1', address: '10.0.0.11', user: 'root', identityFile: '~/.ssh/id' };

test.each([
  ['ssh: connect to host 10.0.0.11 port 22: Connection refused', 'refused the connection', 'safe'],
  ['ssh: connect to host 10.0.0.11 port 22: Connection timed out', 'did not answer in time', 'safe'],
  ['Connection timed out during banner exchange', 'did not answer in time', 'safe'],
  ['ssh: connect to host 10.0.0.11 port 22: No route to host', 'cannot be reached over the network', 'safe'],
  ['root@10.0.0.11: Permission denied (publickey).', 'refused the login', 'never'],
  ['Host key verification failed.', 'has a host key that is not known here', 'never'],
  [
    '@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @\nHost key verification failed.',
    'shows another host key than the one that is known for it: it was set up anew, or someone stands between',
    'never',
  ],
  ['ssh: Could not resolve hostname cp-1: Name or service not known', 'cannot be found: its name does not resolve', 'never'],
  ['Connection to 10.0.0.11 closed by remote host.', 'closed the connection', 'safe'],
])('%s', (stderr, words, retry) => {
  const error = sshFailure(target, stderr);
  expect(error).toMatchObject({ code: 'host-unreachable', message: `cp-1 (10.0.0.11) ${words}`, retry });
  expect(error.hint).toContain("ssh -o 'IdentityFile=~/.ssh/id' -o IdentitiesOnly=yes root@10.0.0.11 true");
  expect(error.details.join('\n')).toContain(stderr.split('\n').at(-1));
});

test('a changed key behind a jump on another port: the commands to go on with name both', () => {
  const { hint } = sshFailure({ ...target, port: 2222, jump: 'ops@bastion' }, 'REMOTE HOST IDENTIFICATION HAS CHANGED');
  expect(hint).toContain("ssh-keygen -R '[10.0.0.11]:2222',");
  expect(hint).toContain('ssh -o Port=2222 -o ProxyJump=ops@bastion');
});

test('behind a jump the failure may be that of the jump host', () => {
  const { message } = sshFailure({ ...target, port: 2222, jump: 'ops@bastion' }, 'ssh: connect to host bastion port 22: Connection refused');
  expect(message).toBe('cp-1 (10.0.0.11:2222) refused the connection; the way leads through ops@bastion: what ssh says below may be about that');
});

test.each([undefined, 22])('with port %s a host stands in known_hosts without brackets', (port) => {
  expect(sshFailure({ ...target, ...(port !== undefined && { port }) }, 'REMOTE HOST IDENTIFICATION HAS CHANGED').hint).toContain('ssh-keygen -R 10.0.0.11,');
});
