import { describe, expect, it } from 'vitest';
import { parseStatus } from './machine.ts';

describe('parseStatus', () => {
  it.each([
    ['Name:\tsystemd-nspawn\nNSpid:\t811\n', { name: 'systemd-nspawn', innerPids: [] }],
    ['Name:\tsystemd\nNSpid:\t812\t1\n', { name: 'systemd', innerPids: ['1'] }],
    ['Name:\tetcd\nNSpid:\t950\t77\t1\n', { name: 'etcd', innerPids: ['77', '1'] }],
    ['', { name: '', innerPids: [] }],
  ])('reads name and inner ids of %j', (status, expected) => expect(parseStatus(status)).toEqual(expected));
});
