import { Document, isMap, isSeq, parseDocument, stringify, visit } from 'yaml';
import type { Node, YAMLMap, YAMLSeq } from 'yaml';
import { AppError } from '../errors/app-error.ts';
import type { KubeconfigEntries } from './kubeconfig.ts';
import { userNameOf } from './kubeconfig.ts';

export interface MergeOptions {
  /** Of the file, for errors: its text is never shown, it holds keys. */
  readonly path: string;
  /** Name of the cluster's entry and context in this file. */
  readonly context: string;
  /** The current context, where files that kubectl reads together with this one name one. */
  readonly current?: string | undefined;
}

export interface MergedKubeconfig {
  readonly text: string;
  readonly currentContext: string;
}

/**
 * A person's own kubeconfig with a cluster's entries put in, or put in the place of those that an earlier merge made; everything else stays, comments too. The current context stays
 * if there is one. Throws `refused` where the text is no kubeconfig, or an entry of one of the names belongs to something else.
 */
export function mergedKubeconfig(text: string, { cluster, user }: KubeconfigEntries, { path, context, current }: MergeOptions): MergedKubeconfig {
  const document = readKubeconfig(text, path);
  const userName = userNameOf(context);
  const [clusters, users, contexts] = ['clusters', 'users', 'contexts'].map((key) => listIn(document, key, path)) as [YAMLSeq, YAMLSeq, YAMLSeq];
  const foreign = foreignEntry({ clusters, users, contexts }, { context, userName, serverName: cluster['tls-server-name'] });
  if (foreign !== undefined) {
    const hint = 'choose another name with --context NAME, or write a file of its own with --out FILE';
    throw new AppError('refused', `${foreign} in ${path} belongs to something else; nothing was written`, { hint });
  }
  refuseNamesake(clusters, cluster, { path, context });
  put(document, clusters, context, { name: context, cluster });
  put(document, users, userName, { name: userName, user });
  put(document, contexts, context, { name: context, context: { cluster: context, user: userName } });
  const currentContext = current ?? currentContextOf(document);
  if (currentContext === undefined) document.set('current-context', nodeOf(document, context));
  return { text: isJson(text) ? `${JSON.stringify(document.toJS(), undefined, 2)}\n` : document.toString({ lineWidth: 0 }), currentContext: currentContext ?? context };
}

/** kubectl reads either form; what reads JSON alone shall go on doing so. */
function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** The current context that a kubeconfig names; of a text that is none, undefined. */
export function currentContextIn(text: string): string | undefined {
  const parsed = parseDocument(text);
  return parsed.errors.length === 0 && isMap(parsed.contents) ? currentContextOf(parsed) : undefined;
}

function currentContextOf(document: Document): string | undefined {
  const current = document.get('current-context');
  return typeof current === 'string' && current !== '' ? current : undefined;
}

/** A cluster of the same name that has another CA is another cluster: its keys are not ours to throw away. */
function refuseNamesake(clusters: YAMLSeq, cluster: KubeconfigEntries['cluster'], { path, context }: MergeOptions): void {
  const key = 'certificate-authority-data';
  const there = entryOf(clusters, context);
  if (there === undefined || there.getIn(['cluster', key]) === cluster[key]) return;
  const gone = `kubectl config delete-context ${context}, delete-cluster ${context} and delete-user ${userNameOf(context)}`;
  throw new AppError('refused', `cluster ${context} in ${path} is another one of this name, with another CA; nothing was written`, {
    hint: `choose another name with --context NAME; if the other cluster is gone, take its entries out first: ${gone}`,
  });
}

function readKubeconfig(text: string, path: string): Document {
  const parsed = parseDocument(text);
  const isEmpty = parsed.errors.length === 0 && parsed.contents === null;
  if (isEmpty) return new Document({ apiVersion: 'v1', kind: 'Config' });
  const kind = isMap(parsed.contents) ? parsed.get('kind') : undefined;
  // kubectl takes a file without a kind, too.
  if (parsed.errors.length === 0 && isMap(parsed.contents) && (kind === undefined || kind === 'Config')) return parsed;
  throw new AppError('refused', `${path} is no kubeconfig; nothing was written`, { hint: 'look at the file, or write one of its own with --out FILE' });
}

/** The list under a key, made where there is none. */
function listIn(document: Document, key: string, path: string): YAMLSeq {
  const found: unknown = document.get(key);
  if (isSeq(found)) return found;
  if (found !== undefined && found !== null) throw new AppError('refused', `${key} in ${path} is no list; nothing was written`, { hint: 'look at the file' });
  const made = document.createNode([]);
  document.set(key, made);
  return made;
}

interface Names {
  readonly context: string;
  readonly userName: string;
  /** By which a merge knows its own: no other tool names a cluster's endpoint like this. */
  readonly serverName: string;
}

/** An entry of one of our names that no merge for this cluster made. */
function foreignEntry({ clusters, users, contexts }: Readonly<Record<'clusters' | 'users' | 'contexts', YAMLSeq>>, { context, userName, serverName }: Names): string | undefined {
  const cluster = entryOf(clusters, context);
  const isOurs = cluster?.getIn(['cluster', 'tls-server-name']) === serverName;
  if (cluster !== undefined && !isOurs) return `cluster ${context}`;
  if (!isOurs && entryOf(users, userName) !== undefined) return `user ${userName}`;
  const taken = entryOf(contexts, context);
  const isOurContext = taken?.getIn(['context', 'cluster']) === context && taken.getIn(['context', 'user']) === userName;
  return taken !== undefined && !(isOurs && isOurContext) ? `context ${context}` : undefined;
}

function entryOf(list: YAMLSeq, name: string): YAMLMap | undefined {
  return list.items.filter((item) => isMap(item)).find((item) => item.get('name') === name);
}

/** In the place of the entry of this name; a context keeps what a person has added to it, its namespace. */
function put(document: Document, list: YAMLSeq, name: string, entry: Readonly<Record<string, unknown>>): void {
  const found = entryOf(list, name);
  if (found === undefined) list.add(nodeOf(document, entry));
  else for (const [key, value] of Object.entries(entry)) if (key !== 'name') putFields(document, found, key, value as Readonly<Record<string, string>>);
}

function putFields(document: Document, entry: YAMLMap, key: string, fields: Readonly<Record<string, string>>): void {
  const inner: unknown = entry.get(key);
  if (!isMap(inner)) return entry.set(key, nodeOf(document, fields));
  for (const [field, value] of Object.entries(fields)) if (inner.get(field) !== value) inner.set(field, nodeOf(document, value));
}

/** Quoted where YAML 1.1, as kubectl reads it, would take a text for something else: a context `on`. What others wrote stays as they wrote it. */
function nodeOf(document: Document, value: unknown): Node {
  const node = document.createNode(value) as Node;
  visit(node, {
    Scalar: (_key, scalar) => {
      if (stringify(scalar.value, { compat: 'yaml-1.1', lineWidth: 0 }).startsWith('"')) scalar.type = 'QUOTE_DOUBLE';
    },
  });
  return node;
}
