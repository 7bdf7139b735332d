import { expect, it } from 'vitest';
import { rangesOf } from './host-routes.ts';

it('gives ranges of routes, single addresses as /32, no default route, none twice', () => {
  const routes = [
    { dst: 'default', dev: 'eth0' },
    { dst: '192.0.2.0/24', dev: 'eth0' },
    { dst: '10.88.1.0/24', dev: 'kw1-br' },
    { dst: '192.0.2.2', dev: 'eth0' },
    { dst: '192.0.2.2', dev: 'lo' },
  ];
  expect(rangesOf(routes)).toEqual(['192.0.2.0/24', '10.88.1.0/24', '192.0.2.2/32']);
});
