import { errorJson } from '../../src/contract/error.ts';
import { AppError } from '../../src/errors/app-error.ts';
import { errorCodes, exitCodes } from '../../src/errors/codes.ts';
import { markdownTable } from './markdown-table.ts';

const meanings: Readonly<Record<keyof typeof exitCodes, string>> = {
  ok: 'done',
  internal: 'a defect of kubewright',
  usage: 'the command line is wrong, or a program, a file or a folder of this machine that the command needs is missing or cannot be used',
  invalidClusterFile: 'the cluster file is invalid, is not there or cannot be read; no connection was opened',
  unreachable: 'a machine or the cluster could not be reached, or refused the login or the rights of root',
  refused: 'refused: by preflight, or what does not fit, is not safe or is beyond this version; nothing was changed',
  failedResumable: 'failed; running it again goes on from what is there',
  findings: '`verify`, `audit` or `artifacts verify` found something, or `plan --exit-code` has changes pending',
  locked: 'another run holds the lock, or a script of one still works, or another `verify` does',
  interrupted: 'interrupted',
  terminated: 'told to end (SIGTERM)',
};

/** An error as JSON, in the form of the contract. */
function example(): string {
  const { code, message, hint, details } = new AppError('cluster-file-missing', 'cluster file prod.yaml: there is no such file');
  return JSON.stringify(errorJson({ code, message, hint, details }), undefined, 2);
}

/** `docs/errors.md`: every exit code and every error code of the registry. */
export function errorsPage(): string {
  const exits = Object.entries(exitCodes).map(([name, code]) => [String(code), meanings[name as keyof typeof exitCodes]]);
  const codes = Object.entries(errorCodes).map(([code, { exitCode, meaning, hint }]) => [`\`${code}\``, String(exitCode), meaning, hint]);
  return (
    [
      '# Errors and exit codes',
      'Generated from `src/errors/codes.ts` by `make generate`: do not edit.',
      'An error says its code, what happened to what, and what to do next. With `-o json` it is one value on standard output, in one line:',
      `\`\`\`json\n${example()}\n\`\`\``,
      '`details` are further lines: every problem of a file, what a machine said. Where preflight refused, its report (`kind: Report`) is the value instead.',
      `## Exit codes\n\n${markdownTable(['exit', 'meaning'], exits)}\n\nWhere several hold, the first of 3, 8, 5, 4, 6, 7 is given.`,
      `## Error codes\n\n${markdownTable(['code', 'exit', 'meaning', 'what to do'], codes)}`,
    ].join('\n\n') + '\n'
  );
}
