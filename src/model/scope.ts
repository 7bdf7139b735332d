declare const scope: unique symbol;
declare const nodeBrand: unique symbol;

/** Name of one node: a value of that node, so never a constant of shared state. */
export type NodeName = string & { readonly [nodeBrand]: true };

/** May enter shared state. Reads as `T` everywhere; any operation but `text` loses the brand. */
export type ClusterScoped<T> = T & { readonly [scope]: 'cluster' };

/** A value of one node: a box that opens for its own node only, so that no template string or serialiser launders it. */
export class NodeScoped<T> {
  readonly node: NodeName;
  readonly #value: T;

  constructor(node: NodeName, value: T) {
    this.node = node;
    this.#value = value;
  }

  /** Throws when another node asks. */
  openFor(node: NodeName): T {
    if (node !== this.node) throw new Error(`value of ${this.node} asked for by ${node}`);
    return this.#value;
  }

  toJSON(): never {
    throw new Error(`value of ${this.node} serialised`);
  }

  toString(): never {
    throw new Error(`value of ${this.node} turned into text`);
  }
}

type Leaf<T> = T extends string ? ({} extends Record<T, 1> ? ClusterScoped<T> : T) : T extends number ? (number extends T ? ClusterScoped<T> : T) : T;

/**
 * A shared document: every open-ended string, number and boolean in it must be `ClusterScoped`, literal unions stay, an open map
 * is written as entries with scoped keys, `unknown` is refused. What leaks by control flow is the property tests' to find.
 */
export type Shared<D> = unknown extends D
  ? never
  : boolean extends D
    ? ClusterScoped<true> | ClusterScoped<false> | Shared<Exclude<D, boolean>>
    : D extends string | number | boolean | null | undefined
      ? Leaf<D>
      : D extends readonly (infer E)[]
        ? readonly Shared<E>[]
        : string extends keyof D
          ? readonly (readonly [key: ClusterScoped<string>, value: Shared<D[keyof D]>])[]
          : { readonly [K in keyof D]: Shared<D[K]> };

// `boolean` is asked for first and as a whole: `T extends ...` would take it apart into true and false, each a constant.
type IsConstant<T extends string | number | boolean> = boolean extends T ? never : T extends string ? ({} extends Record<T, 1> ? never : T) : number extends T ? never : T;

/** A literal of the source text: the same for every node by nature. */
export function constant<const T extends string | number | boolean>(value: T & IsConstant<T>): ClusterScoped<T> {
  return value as unknown as ClusterScoped<T>;
}

/** The one way to concatenate that keeps the brand. */
export function text(parts: TemplateStringsArray, ...values: readonly ClusterScoped<string | number>[]): ClusterScoped<string> {
  return String.raw({ raw: parts }, ...values) as ClusterScoped<string>;
}

declare const sharedDocumentBrand: unique symbol;

/** A document that was proven, leaf by leaf, to hold nothing of one node. */
export interface SharedDocument {
  readonly [sharedDocumentBrand]: true;
}

type AnyFunction = (...args: never) => unknown;

/** What `sharedDocument` takes: every leaf a literal of the source text or `ClusterScoped`; no open map, no function, no `unknown`. */
export type SharedLeaves<T> = unknown extends T
  ? never
  : boolean extends T
    ? never
    : T extends SharedDocument
      ? T
      : T extends { readonly [scope]: 'cluster' }
        ? T
        : T extends null
          ? T
          : T extends string | number | boolean
            ? IsConstant<T>
            : T extends AnyFunction
              ? never
              : T extends readonly (infer E)[]
                ? readonly SharedLeaves<E>[]
                : string extends keyof T
                  ? never
                  : { readonly [K in keyof T]: SharedLeaves<T[K]> };

/** Marks a document as fit for shared state; what holds a node's value does not compile. */
export function sharedDocument<const T>(document: T & SharedLeaves<T>): SharedDocument {
  return document as unknown as SharedDocument;
}

/** A shared document as JSON text: fit for shared state as the document is. */
export function sharedJson(document: SharedDocument): ClusterScoped<string> {
  return JSON.stringify(document) as ClusterScoped<string>;
}
