import { complain, defineAuditRule } from './audit-rule.ts';
import { seenMachines } from './machine.ts';
import { severityOfNamed, whomServerNames } from './servers.ts';

/** L15, L16: the way in which a machine joined, kept. */
export const joinFileLeft = defineAuditRule({
  code: 'join-file-left',
  severity: 'notice',
  title: 'a join configuration that leads to one control plane was left on a machine',
  why: 'nothing reads it any more; who joins the machine again with it depends on that one control plane, and a token may stand in it',
  fix: 'delete the file; joins go by a name that all control planes serve',
  isMended: true,
  judge: (view) => {
    const left = seenMachines(view).flatMap((machine) =>
      machine.facts.joinFiles.flatMap(({ path, endpoint }) => {
        const whom = endpoint === undefined ? undefined : whomServerNames(view, endpoint.text, machine);
        const words = whom?.kind === 'one' || whom?.kind === 'nobody' ? whom.words : undefined;
        return endpoint === undefined || whom === undefined || words === undefined || severityOfNamed(view, whom) === 'notice'
          ? []
          : [{ node: machine.name, path, line: `${machine.name}: ${path}:${endpoint.line}: apiServerEndpoint ${endpoint.text}: ${words}` }];
      }),
    );
    return complain(
      left.map(({ line }) => line),
      { repair: { kind: 'remove-files', files: left.map(({ node, path }) => ({ node, path })) } },
    );
  },
});
