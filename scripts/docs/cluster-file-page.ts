import { knownVersions } from '../../src/catalogue/catalogue.ts';
import { classifyFlag, listedFlags } from '../../src/model/flag-table.ts';
import { problemCodes } from '../../src/spec/problem-codes.ts';
import { clusterFileSchema } from '../../src/spec/schema.ts';
import { clusterFileKeys } from './cluster-file-keys.ts';
import { markdownTable } from './markdown-table.ts';

const INTRODUCTION = `One YAML document. It is checked as a whole before any connection is opened: an unknown key is an error, and all problems are shown at once, each with its line and column, why it is
one, and what to write instead. Nothing is substituted in it, and no key takes a secret. Paths of files are absolute, start with \`~/\`, or are relative to the cluster file.

[\`examples/minimal.yaml\`](../examples/minimal.yaml) is the least that a cluster needs, [\`examples/three-control-planes.yaml\`](../examples/three-control-planes.yaml) shows every key.`;

const SCOPES = `kubeadm keeps the settings of all API servers in one place and gives them to every control plane that joins. So a flag stands in one of two scopes, and in the other it is refused:
\`spec.controlPlane.apiServer.extraArgs\` is for the whole cluster, \`spec.nodes[].apiServer.extraArgs\` for the API server of that node alone. A flag that is in none of the lists below belongs to
the cluster.`;

/** `docs/cluster-file.md`: every key, the scope of the flags, and every problem that a file can have. */
export function clusterFilePage(): string {
  return `${[
    '# The cluster file',
    'Generated from `src/spec/schema.ts`, `src/spec/problem-codes.ts` and `src/model/flag-table-kube-apiserver.ts` by `make generate`: do not edit.',
    INTRODUCTION,
    `## Keys\n\n${keys()}\n\nKubernetes releases that this version knows: ${knownVersions().join(', ')}.`,
    `## Flags of the API server\n\n${SCOPES}`,
    `### Of one node\n\n${flags('node')}`,
    `### Of the cluster, with something that they must hold\n\n${demandingFlags()}`,
    `### Set by kubewright or kubeadm\n\nRefused in both scopes.\n\n${flags('managed')}`,
    `### That name a file\n\nRefused: this version places no file of yours on the control planes. Of these flags the value \`-\` (standard output) is taken.\n\n${fileFlags()}`,
    `## Problems\n\nAn error ends the command with exit code 3; a warning is shown and the command goes on.\n\n${problems()}`,
  ].join('\n\n')}\n`;
}

function keys(): string {
  const rows = clusterFileKeys(clusterFileSchema).map((key) => [`\`${key.path}\``, key.takes, key.isRequired ? 'required' : (key.default ?? ''), key.description]);
  return markdownTable(['key', 'takes', 'default', 'meaning'], rows);
}

const apiServerFlags = (): ReturnType<typeof classifyFlag>[] => listedFlags('kube-apiserver').map((name) => classifyFlag('kube-apiserver', name));

/** A flag of one node that follows from another key is nobody's to set: it is listed with those. */
function flags(scope: 'node' | 'managed'): string {
  const found = apiServerFlags().filter((flag) => (flag.scope === 'node' && flag.setFrom === undefined ? 'node' : flag.scope === 'cluster' ? 'cluster' : 'managed') === scope);
  const rows = found.map(({ name, reason, setFrom }) => [`\`${name}\``, setFrom === undefined ? reason : `${reason}; it follows from \`${setFrom}\``]);
  return markdownTable(['flag', 'why'], rows);
}

function demandingFlags(): string {
  const rows = apiServerFlags().flatMap(({ name, mustHold, reason }) => (mustHold === undefined ? [] : [[`\`${name}\``, `\`${mustHold}\``, reason]]));
  return markdownTable(['flag', 'must hold', 'why'], rows);
}

function fileFlags(): string {
  return apiServerFlags()
    .filter(({ names }) => names === 'file')
    .map(({ name }) => `\`${name}\``)
    .join(', ');
}

function problems(): string {
  const rows = Object.entries(problemCodes).map(([code, { severity, meaning, why, fix }]) => [`\`${code}\``, severity, meaning, why, fix]);
  return markdownTable(['code', 'severity', 'what', 'why', 'what to write'], rows);
}
