import { hostOfNode } from '../../facts/observed.ts';
import type { Verdict } from '../rule.ts';
import { definePreflightRule } from './preflight-rule.ts';
import { complainOfUnseen, isMember } from './unseen-strangers.ts';

export const machineNotReached = definePreflightRule({
  code: 'machine-not-reached',
  severity: 'error',
  grades: 'a machine that is a member already is told as not seen, and the others go on without it',
  title: 'the machine was not reached',
  why: 'nothing can be done there, and what waits for it would wait in vain',
  fix: 'check address, SSH key and host key with the ssh command shown',
  judge: (view) => [
    ...view.nodes.flatMap(({ name }): readonly Verdict[] => {
      const host = hostOfNode(view.snapshot, name);
      return host.state !== 'known' && isMember(view, name) ? [{ node: name, what: 'the machine', why: host.why }] : [];
    }),
    ...complainOfUnseen(view, ({ code }) => code !== 'sudo-refused'),
  ],
});
