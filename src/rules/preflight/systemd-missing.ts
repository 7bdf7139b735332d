import { defineMachineRule } from './preflight-rule.ts';

export const systemdMissing = defineMachineRule({
  code: 'systemd-missing',
  severity: 'error',
  title: 'systemd does not run the machine',
  why: 'runtime, kubelet and API proxy are units of systemd, and so is every script of this tool',
  fix: 'use a machine whose first process is systemd',
  judgeMachine: ({ ground }) => (ground.hasSystemd ? [] : ['/run/systemd/system is not there']),
});
