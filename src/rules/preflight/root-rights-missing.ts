import { defineMachineRule } from './preflight-rule.ts';

export const rootRightsMissing = defineMachineRule({
  code: 'root-rights-missing',
  severity: 'error',
  title: 'scripts do not run as root there',
  why: 'packages, units and the files of Kubernetes are written by root alone',
  fix: 'give spec.ssh a user who is root',
  judgeMachine: ({ ground }) => (ground.userId === 0 ? [] : [`id -u says ${ground.userId}`]),
});
