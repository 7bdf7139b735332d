import { errorCodes, exitCodes } from '../../src/errors/codes.ts';
import { markdownTable } from './markdown-table.ts';

const meanings: Readonly<Record<keyof typeof exitCodes, string>> = {
  ok: 'done',
  internal: 'a defect of kubewright',
  usage: 'the command line is wrong, or a program that it needs is missing',
  invalidClusterFile: 'the cluster file is invalid',
  unreachable: 'a machine or the cluster could not be reached, or refused the login',
  refused: 'refused; nothing was changed',
  failedResumable: 'failed; running it again goes on from what is there',
  findings: '`verify` or `audit` found something, or `plan --exit-code` has changes pending',
  locked: 'another run holds the lock',
  interrupted: 'interrupted',
  terminated: 'told to end (SIGTERM)',
};

/** `docs/errors.md`: every exit code and every error code of the registry. */
export function errorsPage(): string {
  const exits = Object.entries(exitCodes).map(([name, code]) => [String(code), meanings[name as keyof typeof exitCodes]]);
  const codes = Object.entries(errorCodes).map(([code, { exitCode, meaning, hint }]) => [`\`${code}\``, String(exitCode), meaning, hint]);
  return (
    [
      '# Errors and exit codes',
      'Generated from `src/errors/codes.ts` by `make generate`: do not edit.',
      'An error says its code, what happened to what, and what to do next; with `-o json` it is `{"error": {"code", "message", "hint", "details"}}`.',
      `## Exit codes\n\n${markdownTable(['exit', 'meaning'], exits)}\n\nWhere several hold, the first of 3, 8, 5, 4, 6, 7 is given.`,
      `## Error codes\n\n${markdownTable(['code', 'exit', 'meaning', 'what to do'], codes)}`,
    ].join('\n\n') + '\n'
  );
}
