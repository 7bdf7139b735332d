import { defineMachineRule } from './preflight-rule.ts';

export const rootRightsMissing = defineMachineRule({
  code: 'root-rights-missing',
  severity: 'error',
  title: 'scripts do not run as root there',
  why: 'packages, units and the files of Kubernetes are written by root alone',
  fix: 'log in as root, or as a user who may become root with sudo (ssh.user)',
  judgeMachine: ({ ground }) => (ground.userId === 0 ? [] : [`id -u says ${ground.userId}`]),
});
