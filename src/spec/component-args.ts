import type { ComponentArg } from '../model/cluster.ts';
import { compareStrings } from '../util/canonical-json.ts';
import type { DocumentPath } from './document-path.ts';
import type { ExtraArgs } from './schema.ts';
import type { LocatedDocument } from './yaml-document.ts';
import { sourceAt } from './yaml-document.ts';

/** Flags by name, each value as it is written in the file: `1.10` is no number here. Values of one flag keep their order. */
export function componentArgs(args: ExtraArgs, located: LocatedDocument, under: DocumentPath): readonly ComponentArg<string>[] {
  return Object.keys(args)
    .sort(compareStrings)
    .flatMap((name) => argValues(args[name], located, [...under, name]).map((value) => ({ name, value })));
}

function argValues(value: ExtraArgs[string] | undefined, located: LocatedDocument, path: DocumentPath): readonly string[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) return [sourceAt(located, path) ?? String(value)];
  return value.map((item, index) => sourceAt(located, [...path, index]) ?? String(item));
}
