import { complain, defineAuditRule } from './audit-rule.ts';
import { seenMachines } from './machine.ts';

export const manifestBroken = defineAuditRule({
  code: 'manifest-broken',
  severity: 'error',
  title: 'a file in the directory of static pods is no pod',
  why: 'the kubelet cannot take it: what it was meant to start does not run, or stops at the next restart of the kubelet; a copy that an editor left may start an old pod in place of the right one',
  fix: 'correct the file, or move it out of the directory',
  judge: (view) =>
    seenMachines(view).flatMap(({ name, facts }) =>
      complain(
        facts.manifests.flatMap((manifest) => (manifest.type === 'broken' ? [`${manifest.path}: ${manifest.why}`] : [])),
        { node: name },
      ),
    ),
});
