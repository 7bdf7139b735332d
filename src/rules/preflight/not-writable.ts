import { defineMachineRule } from './preflight-rule.ts';

export const notWritable = defineMachineRule({
  code: 'not-writable',
  severity: 'error',
  title: 'directories that the tool must write are read-only',
  why: 'units, settings and programs cannot be put in place',
  fix: 'mount -o remount,rw PATH, and look in the kernel log for why: a file system with errors is made read-only',
  judgeMachine: ({ ground: { places, userId } }) => (userId === 0 ? places.filter(({ isWritable }) => !isWritable).map(({ path }) => `${path} is read-only`) : []),
});
