import { familyOf } from '../../catalogue/distributions.ts';
import { complainOf } from '../rule.ts';
import { defineMachineRule } from './preflight-rule.ts';

export const programsInTheWay = defineMachineRule({
  code: 'programs-in-the-way',
  severity: 'error',
  title: 'a runtime or a kubelet that is not of this tool is installed',
  why: 'its unit has the name of ours or takes the same socket, and its updates replace what runs',
  fix: 'remove its package (the finding has the command of the distribution), or take another machine',
  judgeMachine: ({ host: { platform }, ground: { programs } }) => {
    const remove = familyOf(platform)?.remedies.removeOthers;
    const evidence = programs.map((path) => `${path} is there`);
    return complainOf(evidence, remove === undefined ? {} : { fix: `remove its package (${remove}), or take another machine` });
  },
});
