import { defaultVersion, knownVersions } from '../../src/catalogue/catalogue.ts';
import { problemCodes } from '../../src/spec/problem-codes.ts';
import { clusterFileSchema } from '../../src/spec/schema.ts';
import { clusterFileKeys } from './cluster-file-keys.ts';
import { settingScopes } from './cluster-file-scopes.ts';
import { markdownTable } from './markdown-table.ts';

const INTRODUCTION = `One YAML document. It is checked as a whole before any connection is opened: an unknown key is an error, and all problems are shown at once, each with its line and column, why it is
one, and what to write instead. Nothing is substituted in it, and it holds no secret: a secret is named, \`{ fromFile: PATH }\` or \`{ fromEnv: NAME }\`, and read on the machine that kubewright runs on. Paths of files are absolute, start with \`~/\`, or are relative to the cluster file.

[\`examples/minimal.yaml\`](../examples/minimal.yaml) is the least that a cluster needs, [\`examples/three-control-planes.yaml\`](../examples/three-control-planes.yaml) shows every key.`;

/** `docs/cluster-file.md`: every key, the scope of flags and fields, and every problem that a file can have. */
export function clusterFilePage(): string {
  return `${[
    '# The cluster file',
    'Generated from `src/spec/schema.ts`, `src/spec/problem-codes.ts` and the flag tables of `src/model` by `make generate`: do not edit.',
    INTRODUCTION,
    `## Keys\n\n${keys()}\n\nKubernetes releases that this version knows: ${knownVersions().join(', ')}. New files have ${defaultVersion}.`,
    settingScopes(),
    `## Problems\n\nAn error ends the command with exit code 3; a warning is shown and the command goes on.\n\n${problems()}`,
  ].join('\n\n')}\n`;
}

function keys(): string {
  const rows = clusterFileKeys(clusterFileSchema).map((key) => [`\`${key.path}\``, key.takes, key.isRequired ? 'required' : (key.default ?? ''), key.description]);
  return markdownTable(['key', 'takes', 'default', 'meaning'], rows);
}

function problems(): string {
  const rows = Object.entries(problemCodes).map(([code, { severity, meaning, why, fix }]) => [`\`${code}\``, severity, meaning, why, fix]);
  return markdownTable(['code', 'severity', 'what', 'why', 'what to write'], rows);
}
