import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Planned } from '../../plan/plan.ts';
import type { Action } from '../action.ts';
import { FakeRoot } from '../testing/run-compiled.ts';

let root: FakeRoot;
beforeEach(() => {
  root = new FakeRoot();
  root.standIn('systemctl');
});
afterEach(() => root.remove());

const NAMES = ['/usr/bin/curl', 'haproxy'];
const packages: Planned<Action> = { role: 'goal', action: { kind: 'packages', manager: 'dnf', names: NAMES, keepOff: [{ package: 'haproxy', unit: 'haproxy.service' }] } };
const INSTALL = 'dnf install -y -q --setopt=install_weak_deps=False';
const ASK = 'rpm -q --quiet --whatprovides';

describe('packages by dnf', () => {
  it('come after the unit that shall stay off is masked, which the ledger knows; what something else provides is not ours', () => {
    root.standIn('rpm', '[ "$4" = /usr/bin/curl ]');
    root.standIn('dnf');
    expect(root.run([packages]).exitCode).toBe(0);
    expect(root.calls()).toEqual([`${ASK} haproxy`, 'systemctl mask -q haproxy.service', `${ASK} /usr/bin/curl`, `${ASK} haproxy`, `${INSTALL} /usr/bin/curl haproxy`]);
    expect(root.ledger()).toMatchObject([
      { path: '/etc/systemd/system/haproxy.service', what: 'masked' },
      { path: 'haproxy', what: 'package', existed: false },
    ]);
  });

  it('that cannot be had at first: once more, with what repositories say today', () => {
    root.standIn('rpm');
    root.standIn('dnf', '[ "$5" = --refresh ]');
    expect(root.run([packages]).exitCode).toBe(0);
    expect(root.calls().slice(-2)).toEqual([`${INSTALL} /usr/bin/curl haproxy`, `${INSTALL} --refresh /usr/bin/curl haproxy`]);
    expect(root.calls().some((call) => call.startsWith('systemctl'))).toBe(false);
  });

  it('that cannot be had at all: the step fails', () => {
    root.standIn('rpm', 'exit 1');
    root.standIn('dnf', 'exit 1');
    expect(root.run([packages]).exitCode).toBe(1);
  });
});
