import { CONTROL_PLANE_PROGRAMS } from '../../model/control-plane-components.ts';
import type { Classification, Component } from '../../model/flag-table.ts';
import { classifyFlag, flagName } from '../../model/flag-table.ts';
import type { DocumentPath } from '../document-path.ts';
import type { SpecFinding } from '../problem.ts';
import { shown } from '../shown-value.ts';
import { suggest } from '../suggest.ts';
import type { Check, CheckContext } from './check.ts';
import { inOthers, ofRelease } from './check.ts';
import type { PlacedArgs } from './placed-settings.ts';
import { placedArgs } from './placed-settings.ts';

const FLAG_NAME = /^[a-z][a-z0-9-]*$/;
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const CONTROL = /[\u0000-\u001f\u007f\u0085\u2028\u2029]/;
const STANDARD_OUTPUT = '-';

/** Flags of the control plane's components stand in the scope that the flag table gives them. */
export const checkFlags: Check = (file, context) =>
  placedArgs(file).flatMap((placed) => Object.entries(placed.args).flatMap(([name, value]) => oneFlag({ name, value }, placed, context)));

function oneFlag({ name, value }: { readonly name: string; readonly value: unknown }, placed: PlacedArgs, context: CheckContext): readonly SpecFinding[] {
  const path = [...placed.under, name];
  const program = CONTROL_PLANE_PROGRAMS[placed.component];
  const classification = classifyFlag(program, name);
  const stranger = unknownFlag({ program, name: classification.name, path }, context);
  if (stranger !== undefined && FLAG_NAME.test(name)) return [stranger];
  const scope = scopeFinding(classification, path, placed);
  const values = (Array.isArray(value) ? value : [value]).map(String);
  return [...nameFinding(name, path), ...(scope ? [scope] : valueFindings(classification, values, path))];
}

function nameFinding(name: string, path: DocumentPath): readonly SpecFinding[] {
  if (FLAG_NAME.test(name)) return [];
  const right = flagName(name);
  return [{ code: 'flag-name-invalid', path, at: 'key', message: `${shown(name)} is not the name of a flag`, ...(FLAG_NAME.test(right) && { fix: `write ${right}` }) }];
}

/** What the program does not know ends it when it starts, on every control plane. */
function unknownFlag({ program, name, path }: { readonly program: Component; readonly name: string; readonly path: DocumentPath }, context: CheckContext): SpecFinding | undefined {
  const known = context.settings.flags[program];
  if (known.includes(name)) return undefined;
  const finding = { code: 'flag-unknown', path, at: 'key' } as const;
  const message = `${program}${ofRelease(context)} has no flag --${name}`;
  const elsewhere = inOthers(context, ({ flags }) => flags[program].includes(name));
  if (elsewhere !== undefined) return { ...finding, message: message + elsewhere, fix: 'remove it, or deploy a release that has it' };
  const meant = suggest(name, known);
  return meant === undefined ? { ...finding, message } : { ...finding, message: `${message}: did you mean ${meant}?`, fix: `write ${meant}` };
}

function scopeFinding({ name, scope, reason, instead, setFrom, isFixed }: Classification, path: DocumentPath, { component, place }: PlacedArgs): SpecFinding | undefined {
  const words = { path, at: 'key', why: reason } as const;
  const remedy = instead === undefined ? {} : { fix: instead };
  if (scope === 'managed') return { ...words, code: 'flag-managed', message: `kubewright sets --${name} itself`, ...remedy };
  if (scope === 'node' && place.scope === 'cluster') return { ...words, code: 'flag-node-scoped', message: `--${name} belongs to one node, not to the cluster`, ...remedy };
  if (scope === 'node' && setFrom !== undefined)
    return {
      path,
      at: 'key',
      code: 'flag-managed',
      message: `kubewright sets --${name} itself`,
      why: `on each node it follows from ${setFrom}`,
      fix: `remove it, and see that ${setFrom} is right`,
    };
  if (scope === 'node' && isFixed === true) return { ...words, code: 'flag-managed', message: `--${name} is found on each node by itself`, ...remedy };
  if (scope === 'cluster' && place.scope === 'node')
    return {
      path,
      at: 'key',
      code: 'flag-cluster-scoped',
      message: `--${name} belongs to the cluster, not to one node`,
      fix: `write it under spec.controlPlane.${component}.extraArgs`,
    };
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
