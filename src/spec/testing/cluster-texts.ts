import { releases } from '../../catalogue/catalogue.ts';
import type { LoadOptions } from '../load-cluster.ts';

export const loadOptions: LoadOptions = {
  releases,
  home: '/home/ops',
  whyMissing: (source) => (source.from === 'environment' && source.variable === 'UNSET' ? 'UNSET is not set' : undefined),
  whyUnreadable: (path) => (path.startsWith('/none/') ? 'no such file or directory' : undefined),
};

/** Where a problem is expected to be reported; taken out of the text before it is loaded. */
const MARK = '¦';

export interface MarkedText {
  readonly text: string;
  readonly line: number;
  readonly column: number;
}

/** The text without its mark, and where the mark stood. */
export function unmark(marked: string): MarkedText {
  const before = marked.slice(0, Math.max(marked.indexOf(MARK), 0));
  const line = before.split('\n').length;
  return { text: marked.replace(MARK, ''), line, column: before.length - before.lastIndexOf('\n') };
}

export interface ClusterParts {
  readonly version?: string;
  /** Lines under `metadata`, without indentation. */
  readonly metadata?: string;
  /** Further lines under `spec`, indented as there. */
  readonly spec?: string;
  /** Lines of the list of nodes, from the dash on. */
  readonly nodes?: readonly string[];
}

/** A cluster file of three control planes and a worker, with parts of it replaced. */
export function clusterText(parts: ClusterParts = {}): string {
  const nodes = parts.nodes ?? [controlPlane(1), controlPlane(2), controlPlane(3), '{ name: w-1, address: 10.0.0.21, role: worker }'];
  const lines = [
    'apiVersion: kubewright.dev/v1alpha1',
    'kind: Cluster',
    'metadata:',
    `  ${parts.metadata ?? 'name: demo'}`,
    'spec:',
    `  kubernetes: { version: ${parts.version ?? '1.36.3'} }`,
    ...(parts.spec === undefined ? [] : parts.spec.split('\n').map((line) => `  ${line}`)),
    '  nodes:',
    ...nodes.map((node) => `    - ${node}`),
  ];
  return `${lines.join('\n')}\n`;
}

/** `{ name: cp-N, address: 10.0.0.1N, role: control-plane, ... }`. */
export function controlPlane(number: number, rest = ''): string {
  return `{ name: cp-${number}, address: 10.0.0.${10 + number}, role: control-plane${rest === '' ? '' : `, ${rest}`} }`;
}

/** `{ name: w-1, address: 10.0.0.21, role: worker, ... }`. */
export function worker(rest: string): string {
  return `{ name: w-1, address: 10.0.0.21, role: worker, ${rest} }`;
}
