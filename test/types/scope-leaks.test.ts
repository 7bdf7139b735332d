import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { beforeAll, describe, expect, it } from 'vitest';

const CASES_FILE = fileURLToPath(new URL('scope-leaks.ts', import.meta.url));
const SCOPE_FILE = fileURLToPath(new URL('../../src/model/scope.ts', import.meta.url));
const CASE = /^\/\/ (?<kind>leak|fine): (?<name>.+)$/;
const COMPILE_TIMEOUT_MS = 60_000;

interface Case {
  readonly kind: string;
  readonly name: string;
  readonly firstLine: number;
  readonly lastLine: number;
}

const source = readFileSync(CASES_FILE, 'utf8');
const cases = casesOf(source);

function casesOf(text: string): readonly Case[] {
  const lines = text.split('\n');
  const starts = lines.flatMap((line, index) => {
    const { kind, name } = CASE.exec(line)?.groups ?? {};
    return kind === undefined || name === undefined ? [] : [{ kind, name, firstLine: index }];
  });
  return starts.map((start, index) => ({ ...start, lastLine: (starts[index + 1]?.firstLine ?? lines.length) - 1 }));
}

/** Compiles the cases without their expectations, other files as given; returns the lines with errors. */
function linesWithErrors(replaced: ReadonlyMap<string, string>): readonly number[] {
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    types: [],
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    allowImportingTsExtensions: true,
    noEmit: true,
    skipLibCheck: true,
  };
  const host = ts.createCompilerHost(options);
  const read = host.readFile.bind(host);
  host.readFile = (path) => replaced.get(path) ?? read(path);
  const program = ts.createProgram([CASES_FILE], options, host);
  const file = program.getSourceFile(CASES_FILE);
  if (file === undefined) throw new Error(`${CASES_FILE} is not in the program`);
  return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map((found) => file.getLineAndCharacterOfPosition(found.start ?? 0).line);
}

const withoutExpectations = source.replaceAll(/^\/\/ @ts-expect-error.*$/gm, '//');
const doesNotCompile = ({ firstLine, lastLine }: Case, errors: readonly number[]): boolean => errors.some((line) => line >= firstLine && line <= lastLine);

describe('scopes at compile time', () => {
  let errors: readonly number[] = [];
  beforeAll(() => {
    errors = linesWithErrors(new Map([[CASES_FILE, withoutExpectations]]));
  }, COMPILE_TIMEOUT_MS);

  it.each(cases.filter(({ kind }) => kind === 'leak'))('does not compile: $name', (leak) => {
    expect(doesNotCompile(leak, errors)).toBe(true);
  });

  it.each(cases.filter(({ kind }) => kind === 'fine'))('compiles: $name', (fine) => {
    expect(doesNotCompile(fine, errors)).toBe(false);
  });

  it('has errors in no other place', () => {
    expect(errors.filter((line) => !cases.some(({ firstLine, lastLine }) => line >= firstLine && line <= lastLine))).toEqual([]);
  });

  it('would let leaks through if a scoped value were a plain one (the mutant that turns these tests red)', { timeout: COMPILE_TIMEOUT_MS }, () => {
    const brand = "export type ClusterScoped<T> = T & { readonly [scope]: 'cluster' };";
    const scopeSource = readFileSync(SCOPE_FILE, 'utf8');
    expect(scopeSource).toContain(brand);
    const mutant = linesWithErrors(
      new Map([
        [CASES_FILE, withoutExpectations],
        [SCOPE_FILE, scopeSource.replace(brand, 'export type ClusterScoped<T> = T;')],
      ]),
    );
    const open = cases.filter((leak) => leak.kind === 'leak' && !doesNotCompile(leak, mutant)).map(({ name }) => name);
    expect(open).toEqual(
      expect.arrayContaining([
        'an opened value',
        'a template string',
        'concatenation by plus',
        'in an array',
        'a boolean of one host',
        'a key of a map',
        'an observed text as an entry of a ConfigMap',
      ]),
    );
  });
});
