import { writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Planned } from '../plan/plan.ts';
import type { Action } from './action.ts';
import { FakeRoot } from './testing/run-compiled.ts';

// Programs are started: a busy machine takes its time.
vi.setConfig({ testTimeout: 30_000 });

const goal = (action: Action): Planned<Action> => ({ role: 'goal', action });

let root: FakeRoot;
beforeEach(() => (root = new FakeRoot()));
afterEach(() => root.remove());

function put(path: string, text: string): string {
  writeFileSync(path, text);
  return path;
}

describe('the packet filter', () => {
  const RULES = [
    ...['*filter', ':INPUT ACCEPT [0:0]', ':DOCKER - [0:0]', ':KUBE-FORWARD - [0:0]', ':KUBE-OLD - [0:0]'],
    ...[
      '-A INPUT -j DOCKER',
      '-A INPUT -m comment --comment "he said \\"go\\" -j KUBE-FORWARD there" -p tcp -j ACCEPT',
      '-A INPUT -m mark --mark 0x1 -j KUBE-FORWARD',
      '-A INPUT -j KUBE-OLD',
      '-A KUBE-FORWARD -j DROP',
    ],
    'COMMIT',
  ];

  it('loses the chains of the cluster and the rules that lead to them, and nothing else', () => {
    put(root.at('rules'), `${RULES.join('\n')}\n`);
    for (const family of ['iptables', 'ip6tables']) root.lacks(`${family}-legacy-save`);
    root.lacks('ip6tables-nft-save');
    root.standIn('iptables-nft-save', `cat ${root.at('rules')}`);
    root.standIn('iptables-nft-restore', `cat >> ${root.at('restored')}`);
    root.standIn('nft');
    expect(root.run([goal({ kind: 'network-cleared', links: [], chains: ['KUBE-FORWARD'], tables: [] })]).exitCode).toBe(0);
    expect(root.read('restored').trim().split('\n')).toEqual(['*filter', ':KUBE-FORWARD - [0:0]', '-D INPUT -m mark --mark 0x1 -j KUBE-FORWARD', '-X KUBE-FORWARD', 'COMMIT']);
  });

  it('has a table of another name, which others have made since: it stays, though nothing is in it', () => {
    for (const family of ['iptables', 'ip6tables']) for (const variant of ['nft', 'legacy']) root.lacks(`${family}-${variant}-save`);
    root.standIn('nft', `[ "$1" != list ] || cat ${put(root.at('table'), 'table inet theirs {\n}')}`);
    expect(root.run([goal({ kind: 'network-cleared', links: [], chains: [], tables: ['inet/theirs', 'ip/nat'] })]).exitCode).toBe(0);
    expect(root.calls().filter((call) => call.startsWith('nft delete'))).toEqual(['nft delete table ip nat']);
  });

  it.each([
    ['base chains alone', 'table ip nat {\n\tchain POSTROUTING {\n\t\ttype nat hook postrouting priority srcnat; policy accept;\n\t}\n}', true],
    ['a rule of others', 'table ip nat {\n\tchain POSTROUTING {\n\t\ttype nat hook postrouting priority srcnat; policy accept;\n\t\tmasquerade\n\t}\n}', false],
    ['a policy of others', 'table ip nat {\n\tchain INPUT {\n\t\ttype filter hook input priority filter; policy drop;\n\t}\n}', false],
  ])('a table with %s', (_what, table, isDeleted) => {
    for (const family of ['iptables', 'ip6tables']) for (const variant of ['nft', 'legacy']) root.lacks(`${family}-${variant}-save`);
    root.standIn('nft', `[ "$1" != list ] || cat ${put(root.at('table'), table)}`);
    expect(root.run([goal({ kind: 'network-cleared', links: [], chains: [], tables: ['ip/nat'] })]).exitCode).toBe(0);
    expect(root.calls().includes('nft delete table ip nat')).toBe(isDeleted);
  });
});
