import { hostOfNode } from '../../facts/observed.ts';
import type { Verdict } from '../rule.ts';
import { definePreflightRule } from './preflight-rule.ts';

/** Begins the line of an advice that says what to do. */
const NEXT = 'next: ';

export const machineNotReached = definePreflightRule({
  code: 'machine-not-reached',
  severity: 'error',
  grades: 'a machine that is a member already is told as not seen, and the others go on without it',
  title: 'the machine was not reached',
  why: 'nothing can be done there, and what waits for it would wait in vain',
  fix: 'check address, SSH key and host key with the ssh command shown',
  judge: ({ nodes, snapshot }) => {
    const members = snapshot.cluster.state === 'known' ? snapshot.cluster.value.nodes : {};
    return nodes.flatMap(({ name }): readonly Verdict[] => {
      const host = hostOfNode(snapshot, name);
      if (host.state === 'known') return [];
      const { why, advice = '' } = host;
      if (name in members) return [{ node: name, what: 'the machine', why }];
      const lines = advice.split('\n').filter((line) => line !== '');
      const next = lines.find((line) => line.startsWith(NEXT));
      return [{ node: name, evidence: [why, ...lines.filter((line) => line !== next)], ...(next !== undefined && { fix: next.slice(NEXT.length) }) }];
    });
  },
});
