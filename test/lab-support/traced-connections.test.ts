import { expect, it } from 'vitest';
import { peersOf } from './traced-connections.ts';

it('finds whom programs speak to over IP, each once, and nobody on sockets of files', () => {
  const log = [
    '71 connect(3, {sa_family=AF_UNIX, sun_path="/run/nscd/socket"}, 110) = -1 ENOENT (No such file or directory)',
    '71 connect(3, {sa_family=AF_INET, sin_port=htons(22), sin_addr=inet_addr("10.88.228.11")}, 16) = -1 EINPROGRESS (Operation now in progress)',
    '72 connect(3, {sa_family=AF_INET, sin_port=htons(22), sin_addr=inet_addr("10.88.228.11")}, 16) = 0',
    '72 sendto(5, ""..., 31, MSG_NOSIGNAL, {sa_family=AF_INET, sin_port=htons(53), sin_addr=inet_addr("127.0.0.53")}, 16) = 31',
    '72 connect(3, {sa_family=AF_INET6, sin6_port=htons(443), sin6_flowinfo=htonl(0), inet_pton(AF_INET6, "::1", &sin6_addr), sin6_scope_id=0}, 28) = 0',
    '72 sendto(5, ""..., 31, MSG_NOSIGNAL, NULL, 0) = 31',
  ];
  expect(peersOf(log.join('\n'))).toEqual(['10.88.228.11 22', '127.0.0.53 53', '::1 443']);
});
