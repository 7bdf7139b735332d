import { definePreflightRule } from './preflight-rule.ts';
import { complainOfUnseen } from './unseen-strangers.ts';

export const sudoRefused = definePreflightRule({
  code: 'sudo-refused',
  severity: 'error',
  grades: 'a machine that is a member already is told as not seen, and the others go on without it',
  title: 'the user that logs in cannot become root with sudo',
  why: 'packages, units and the files of Kubernetes are written by root alone',
  fix: 'give the user the right to sudo, or the command the password that sudo wants; or log in as root',
  judge: (view) => complainOfUnseen(view, ({ code }) => code === 'sudo-refused'),
});
