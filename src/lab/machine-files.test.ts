import { expect, it } from 'vitest';
import { identityFiles } from './machine-files.ts';

it('makes a machine itself: name, hosts, resolver and network', () => {
  expect(identityFiles('10.88.3.0/24', { name: 'cp-1', address: '10.88.3.11' })).toMatchInlineSnapshot(`
    {
      "etc/hostname": "cp-1
    ",
      "etc/hosts": "127.0.0.1 localhost
    127.0.1.1 cp-1
    ",
      "etc/resolv.conf": "nameserver 10.88.3.1
    ",
      "etc/systemd/network/10-host0.network": "[Match]
    Name=host0

    [Network]
    Address=10.88.3.11/24
    Gateway=10.88.3.1
    LinkLocalAddressing=no
    IPv6AcceptRA=no
    ",
    }
  `);
});
