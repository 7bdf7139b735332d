import type { Classification } from '../../model/flag-table.ts';
import { classifyField, classifyFlag, flagName } from '../../model/flag-table.ts';
import { knownFlags } from '../../model/known-flags.ts';
import type { DocumentPath } from '../document-path.ts';
import type { SpecFinding } from '../problem.ts';
import type { ExtraArgs } from '../schema.ts';
import { shown } from '../shown-value.ts';
import { suggest } from '../suggest.ts';
import type { Check } from './check.ts';
import { placedNodes } from './check.ts';

const FLAG_NAME = /^[a-z][a-z0-9-]*$/;
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const CONTROL = /[\u0000-\u001f\u007f\u0085\u2028\u2029]/;
const STANDARD_OUTPUT = '-';
const CLUSTER_ARGS: DocumentPath = ['spec', 'controlPlane', 'apiServer', 'extraArgs'];
const KUBELET_CONFIG: DocumentPath = ['spec', 'kubelet', 'config'];
const nodeArgs = (index: number): DocumentPath => ['spec', 'nodes', index, 'apiServer', 'extraArgs'];

type Args = { readonly [Name in keyof ExtraArgs]?: unknown };
type Place = 'cluster' | 'node';

/** Flags of the API server stand in the scope that the flag table gives them. */
export const checkApiServerFlags: Check = (file) => [
  ...flagFindings(file.spec?.controlPlane?.apiServer?.extraArgs, CLUSTER_ARGS, 'cluster'),
  ...placedNodes(file).flatMap(({ index, node }) => flagFindings(node.apiServer?.extraArgs, nodeArgs(index), 'node')),
];

function flagFindings(args: Args | undefined, under: DocumentPath, place: Place): readonly SpecFinding[] {
  return Object.entries(args ?? {}).flatMap(([name, value]) => oneFlag(name, value, [...under, name], place));
}

function oneFlag(name: string, value: unknown, path: DocumentPath, place: Place): readonly SpecFinding[] {
  const classification = classifyFlag('kube-apiserver', name);
  const scope = scopeFinding(classification, path, place);
  const values = (Array.isArray(value) ? value : [value]).map(String);
  const misspelt = unknownFlag(classification, path);
  if (misspelt !== undefined && FLAG_NAME.test(name)) return [misspelt];
  return [...nameFinding(name, path), ...(scope ? [scope] : valueFindings(classification, values, path))];
}

function nameFinding(name: string, path: DocumentPath): readonly SpecFinding[] {
  if (FLAG_NAME.test(name)) return [];
  const right = flagName(name);
  return [{ code: 'flag-name-invalid', path, at: 'key', message: `${shown(name)} is not the name of a flag`, ...(FLAG_NAME.test(right) && { fix: `write ${right}` }) }];
}

/** What the program does not know ends it when it starts, on every control plane. */
function unknownFlag({ name, listed }: Classification, path: DocumentPath): SpecFinding | undefined {
  const known = knownFlags('kube-apiserver');
  if (listed || known.includes(name)) return undefined;
  const meant = suggest(name, known);
  const message = `kube-apiserver has no flag --${name}${meant === undefined ? '' : `: did you mean ${meant}?`}`;
  return { code: 'flag-unknown', path, at: 'key', message, ...(meant !== undefined && { fix: `write ${meant}` }) };
}

function scopeFinding({ name, scope, reason, instead, setFrom }: Classification, path: DocumentPath, place: Place): SpecFinding | undefined {
  const words = { path, at: 'key', why: reason } as const;
  if (scope === 'managed') return { ...words, code: 'flag-managed', message: `kubewright sets --${name} itself`, ...(instead !== undefined && { fix: instead }) };
  if (scope === 'node' && place === 'cluster')
    return { ...words, code: 'flag-node-scoped', message: `--${name} belongs to one node, not to the cluster`, ...(instead !== undefined && { fix: instead }) };
  if (scope === 'node' && setFrom !== undefined)
    return {
      path,
      at: 'key',
      code: 'flag-managed',
      message: `kubewright sets --${name} itself`,
      why: `on each node it follows from ${setFrom}`,
      fix: `remove it, and see that ${setFrom} is right`,
    };
  if (scope === 'cluster' && place === 'node') return { path, at: 'key', code: 'flag-cluster-scoped', message: `--${name} belongs to the cluster, not to one node` };
  return undefined;
}

function valueFindings({ name, names, reason, mustHold }: Classification, values: readonly string[], path: DocumentPath): readonly SpecFinding[] {
  const broken: readonly SpecFinding[] = values.some((value) => CONTROL.test(value))
    ? [{ code: 'flag-value-invalid', path, message: `the value of --${name} is not one printable line` }]
    : [];
  const isFile = names === 'file' && values.some((value) => value !== STANDARD_OUTPUT);
  const files: readonly SpecFinding[] = isFile ? [{ code: 'flag-names-file', path, message: `--${name} names ${reason}` }] : [];
  const lacks = mustHold !== undefined && !values.some((value) => value.split(',').includes(mustHold));
  return [
    ...broken,
    ...files,
    ...(lacks ? [{ code: 'flag-value-lacks', path, message: `--${name} lacks ${mustHold}`, why: reason, fix: `add ${mustHold} to the list` } as const] : []),
  ];
}

/** What is a node's address stands with that node alone: not where all nodes get it, not under another one. */
export const checkNodeAddresses: Check = (file) => {
  const nodes = placedNodes(file);
  const all = nodes.flatMap(({ node }) => node.address ?? []);
  const { controlPlane, kubelet } = file.spec ?? {};
  return [
    ...sharedEntries(controlPlane?.apiServer?.extraArgs, (name) => classifyFlag('kube-apiserver', name)).flatMap(([name, value]) =>
      addressIn(value, all, [...CLUSTER_ARGS, name], 'node-address-in-cluster-scope'),
    ),
    ...sharedEntries(kubelet?.config, (name) => classifyField('KubeletConfiguration', name)).flatMap(([name, value]) =>
      addressIn(value, all, [...KUBELET_CONFIG, name], 'node-address-in-cluster-scope'),
    ),
    ...nodes.flatMap(({ index, node }) => {
      const others = all.filter((address) => address !== node.address);
      return Object.entries(node.apiServer?.extraArgs ?? {}).flatMap(([name, value]) => addressIn(value, others, [...nodeArgs(index), name], 'address-of-other-node'));
    }),
  ];
};

/** Settings that stand in the right scope; the others have a finding already. */
function sharedEntries(settings: object | undefined, classify: (name: string) => Classification): readonly (readonly [name: string, value: unknown])[] {
  return Object.entries(settings ?? {}).filter(([name]) => classify(name).scope === 'cluster');
}

function addressIn(value: unknown, addresses: readonly string[], path: DocumentPath, code: 'node-address-in-cluster-scope' | 'address-of-other-node'): readonly SpecFinding[] {
  const words = JSON.stringify(value)?.match(/\d+(\.\d+){3}/g) ?? [];
  const found = words.find((word) => addresses.includes(word));
  const whose = code === 'address-of-other-node' ? 'another node' : 'one node';
  return found === undefined ? [] : [{ code, path, message: `${path.at(-1)} holds ${found}, the address of ${whose}` }];
}
