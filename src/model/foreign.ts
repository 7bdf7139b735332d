declare const foreignBrand: unique symbol;

/**
 * A text of an object that all nodes share, as a cluster has it: whoever wrote it may have put one node's value into it. It reads as text and may be written nowhere: what is written to shared
 * state is `ClusterScoped`, and from here to there leads the flag table alone (`rules/audit/pass-foreign.ts`).
 */
export type Foreign = string & { readonly [foreignBrand]: true };

/** Entries of ConfigMaps by `namespace/name` and key. */
export type ForeignObjects = Readonly<Record<string, Readonly<Record<string, Foreign>>>>;

/** Of any text: it takes rights away and gives none. */
export function foreign(text: string): Foreign {
  return text as Foreign;
}

export function foreignObjects(objects: Readonly<Record<string, Readonly<Record<string, string>>>>): ForeignObjects {
  return objects as ForeignObjects;
}
