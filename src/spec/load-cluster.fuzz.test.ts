import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadCluster } from './load-cluster.ts';
import type { Problem } from './problem.ts';
import { loadOptions } from './testing/cluster-texts.ts';

/** Of each of three kinds of texts: 1,000 in all. */
const RUNS = 334;
const example = readFileSync(new URL('../../examples/three-control-planes.yaml', import.meta.url), 'utf8');

/** A change to a text: some characters taken out at a place, others put in. */
interface Edit {
  readonly at: number;
  readonly removed: number;
  readonly inserted: string;
}

const nasty = fc.constantFrom(
  '\t',
  '{',
  '}',
  '[',
  ']',
  ':',
  ': ',
  '- ',
  '\n',
  '*a',
  '&a ',
  '!!map ',
  '? ',
  '---\n',
  '...\n',
  '|\n',
  '"',
  "'",
  '#',
  '<<: ',
  '%YAML 1.1\n',
  '\0',
  '\uFEFF',
  '\u2028',
  '𝒳',
  '__proto__: ',
  'constructor: ',
  '~',
  '.nan',
  '1e999',
  '0x',
  '10.0.0.11',
  '${A}',
);
const edit: fc.Arbitrary<Edit> = fc.record({ at: fc.nat(), removed: fc.integer({ min: 0, max: 40 }), inserted: fc.oneof(nasty, fc.string({ maxLength: 5 }), fc.constant('')) });

function apply(text: string, edits: readonly Edit[]): string {
  return edits.reduce((changed, { at, removed, inserted }) => {
    const start = at % (changed.length + 1);
    return changed.slice(0, start) + inserted + changed.slice(start + removed);
  }, text);
}

/** Every value, of any type, at any key that files have. */
const keys = [
  'apiVersion',
  'kind',
  'metadata',
  'name',
  'spec',
  'kubernetes',
  'version',
  'network',
  'podCIDR',
  'serviceCIDR',
  'controlPlane',
  'certSANs',
  'apiServer',
  'extraArgs',
  'controllerManager',
  'etcd',
  'kubelet',
  'kubeProxy',
  'config',
  'nodes',
  'address',
  'role',
  'labels',
  'taints',
  'maxPods',
  'advertise-address',
  'authentication',
];
const tree = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    fc.constantFrom<unknown>('demo', '10.0.0.11', '10.244.0.0/16', 'control-plane', '1.36.3', 'a=b:NoSchedule', 1, 1.5, true, null, ''),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...keys), tie('value'), { maxKeys: 6 }),
  ),
})).value;

/** What is wrong with the answer to a text: nothing, for any text. */
function faultsOfAnswer(text: string): readonly string[] {
  const result = loadCluster(text, 'cluster.yaml', loadOptions);
  const lines = text.split(/\r\n|\n|\r/).length;
  const problems = result.ok ? result.warnings : result.problems;
  const isRefusal = problems.some(({ severity }) => severity === 'error');
  return [...(isRefusal === result.ok ? ['the answer and its problems disagree'] : []), ...problems.flatMap((problem) => faultsOfProblem(problem, lines))];
}

function faultsOfProblem({ line, column, path, message, why, fix }: Problem, lines: number): readonly string[] {
  const isPlaced = line >= 1 && line <= lines && column >= 1;
  const words = [path, message, why, fix];
  return [...(isPlaced ? [] : [`no place: ${line}:${column}`]), ...words.filter((text) => text === '' || text.includes('\n') || /undefined|\[object/.test(text))];
}

describe('any text gets an answer, each problem of it with a place', () => {
  it('an edited example', () => {
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 6 }), (edits) => {
        expect(faultsOfAnswer(apply(example, edits))).toEqual([]);
      }),
      { numRuns: RUNS },
    );
  });

  it('a tree of known keys', () => {
    fc.assert(
      fc.property(tree, (value) => {
        expect(faultsOfAnswer(JSON.stringify(value))).toEqual([]);
      }),
      { numRuns: RUNS },
    );
  });

  it('a tree under spec', () => {
    const head = { apiVersion: 'kubewright.dev/v1alpha1', kind: 'Cluster', metadata: { name: 'demo' } };
    fc.assert(
      fc.property(tree, (spec) => {
        expect(faultsOfAnswer(JSON.stringify({ ...head, spec }))).toEqual([]);
      }),
      { numRuns: RUNS },
    );
  });
});
